import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { request } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { isLongForm } from "../../support/long-form.ts";
import { startService, until } from "../../support/running-service.ts";
import { bareEnvironment, quickProgram } from "../../support/serve-process.ts";

/** A batch has up to 500. */
const messages = isLongForm ? 5000 : 2200;

async function fileOf(name: string, content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-bulk-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

interface Requested {
  /** It names the message and the attempt. */
  readonly biz_opaque_callback_data: string;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function bulk(url: string, ...args: readonly string[]): Promise<Ended> {
  return runInProcess(["bulk", ...args], { MESSAGE_SENDER_URL: url }).then(
    (ended) => ({ code: 0, ...ended }),
    (error: Ended) => error,
  );
}

/** A proxy of the server. `onBatch` may do something before a batch is passed on, and may lose its answer. */
async function proxyOf(url: string, onBatch: (number: number) => "lose" | undefined) {
  let batches = 0;
  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    batches += 1;
    const fate = onBatch(batches);
    const answer = await request(`${url}${incoming.url}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: await textOf(incoming),
    });
    const text = await answer.body.text();
    if (fate === "lose") outgoing.destroy();
    else outgoing.writeHead(answer.statusCode).end(text);
  }
  const proxy = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  onTestFinished(() => void proxy.close());
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const csvOf = (count: number) =>
  ["to,message", ...Array.from({ length: count }, (_, at) => `+62812${String(10_000_000 + at)},"Hello, ${at}"`)].join(
    "\n",
  );

async function resultsOf(path: string): Promise<readonly (readonly string[])[]> {
  const [, ...rows] = (await readFile(path, "utf8")).trim().split("\n");
  return rows.map((row) => row.split(","));
}

it(`sends ${messages} lines once, although it is interrupted twice and an answer is lost`, async () => {
  const { url, sandbox } = await startService();
  const path = await fileOf("campaign.csv", csvOf(messages));

  /** Starts the command and interrupts it while its second batch is on its way. */
  async function start(fate?: "lose" | "keep"): Promise<Ended> {
    const server = await proxyOf(url, (number) => {
      if (number !== 2 || !fate) return undefined;
      child.kill("SIGINT");
      return fate === "lose" ? "lose" : undefined;
    });
    const environment = { ...bareEnvironment, MESSAGE_SENDER_URL: server };
    const child = spawn(process.execPath, [...quickProgram(), "bulk", path, "--json"], { env: environment });
    onTestFinished(() => void child.kill("SIGKILL"));
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    const [code] = (await once(child, "close")) as [number];
    return { code, stdout, stderr };
  }

  const first = await start("lose");
  expect([first.code, first.stderr]).toEqual([1, expect.stringContaining("Repeat the command to go on")]);
  const second = await start("keep");
  expect(second.code, second.stderr).toBe(1);
  const [ofFirst, ofSecond] = [first, second].map(({ stdout }) => JSON.parse(stdout) as { accepted: number });
  expect(ofFirst?.accepted).toBeLessThan(messages);
  expect(ofSecond?.accepted).toBeGreaterThan(ofFirst?.accepted ?? 0);
  const last = await start();
  expect(last.code, last.stderr).toBe(0);
  expect(JSON.parse(last.stdout)).toMatchObject({ messages, accepted: messages, failed: 0, left: 0 });

  const rows = await resultsOf(`${path}.results.csv`);
  expect(new Set(rows.map(([line]) => line)).size).toBe(messages);
  expect(new Set(rows.map(([, id]) => id)).size).toBe(messages);
  await until(() => sandbox.graph.requestCount >= messages);
  const requested = sandbox.graph.requests.map(({ body }) => (body as Requested).biz_opaque_callback_data);
  expect(requested.toSorted()).toEqual(rows.map(([, id]) => `ms1:${id}:1`).toSorted());

  const again = await bulk(url, path, "--json");
  expect([again.code, sandbox.graph.requestCount]).toEqual([0, messages]);
}, 600_000);

describe("before anything is sent", () => {
  it("every line is checked, and each mistake is named by its line", async () => {
    const { url, sandbox } = await startService();
    const path = await fileOf(
      "bad.csv",
      'to,message\n+628123456789,ok\n12,no number\n+628123456780,\n+628123456781,"a\nb",c\n',
    );
    const { code, stderr, stdout } = await bulk(url, path);
    expect([code, stdout, sandbox.graph.requestCount]).toEqual([2, "", 0]);
    expect(stderr.trim().split("\n")).toEqual([
      "line 3: to must be an E.164 number with a leading + or a business-scoped user id",
      "line 4: message is missing",
      "line 5: has 3 columns instead of 2",
      "3 of 4 lines are invalid. Nothing was sent.",
    ]);
    expect(JSON.parse((await bulk(url, path, "--json")).stdout)).toMatchObject({ messages: 4, invalid: 3 });
  });

  it("--check sends nothing, and needs no server", async () => {
    const path = await fileOf("good.ndjson", '{"to":"+628123456789","message":"Hello"}\n');
    const { code, stdout } = await bulk("http://127.0.0.1:1", path, "--check");
    expect([code, stdout]).toEqual([0, "1 messages are valid. Nothing was sent.\n"]);
  });

  it.each([
    [
      "a file that is not there",
      "/nowhere/a.csv",
      /^\/nowhere\/a\.csv cannot be read \(ENOENT\): give the path of a CSV or NDJSON file\.\n$/,
    ],
    ["a folder", "/tmp/.csv", /ENOENT|is not a file/],
    ["a name that says no format", "/etc/hostname", /--format/],
  ])("%s is refused", async (_, path, reason) => {
    const { code, stderr } = await bulk("http://127.0.0.1:1", path);
    expect([code, stderr]).toEqual([2, expect.stringMatching(reason)]);
  });

  it.each([
    ["in a folder that does not exist", "/nowhere/a.csv", "written (ENOENT)"],
    ["that is a folder", tmpdir(), "read (EISDIR)"],
  ])("results %s are refused", async (_, results, reason) => {
    const path = await fileOf("good.ndjson", '{"to":"+628123456789","message":"Hello"}\n');
    const { code, stderr } = await bulk("http://127.0.0.1:1", path, "--result", results);
    const advice = "give --result with another path, in a folder that exists.";
    expect([code, stderr]).toEqual([2, `${results} cannot be ${reason}: ${advice}\n`]);
  });
});

it("a template gets its parameters from columns, and messages their key from another", async () => {
  const { url, sandbox, get } = await startService();
  const path = await fileOf("visits.csv", "to,1,2,visit\n+628123456789,Anna,10 o'clock,visit-7\n");
  const args = [
    path,
    "--template",
    "visit_tomorrow:en_US",
    "--key-column",
    "visit",
    "--tenant",
    "kopi",
    "--outlet",
    "main",
  ];
  expect(await bulk(url, ...args)).toMatchObject({ code: 0 });
  await until(() => sandbox.graph.requestCount === 1);
  const { body } = await get("/api/v1/messages?tenant_id=kopi&idempotency_key=visit-7");
  expect(body["messages"]).toMatchObject([
    {
      conversation_id: "628123456789",
      message: {
        name: "visit_tomorrow",
        components: [{ type: "body", parameters: [{ text: "Anna" }, { text: "10 o'clock" }] }],
      },
    },
  ]);
});

it("what the server refuses is counted by reason, stands in the results, and is tried again", async () => {
  const tenants = {
    ours: { quota: { limit: 3 }, outlets: { main: { waba_access_token: "EAAx", phone_number_id: "1" } } },
  };
  const { url, sandbox } = await startService({ sandbox: { tenants } });
  const path = await fileOf("many.csv", csvOf(5));
  const args = [path, "--tenant", "ours", "--outlet", "main", "--json"];
  const first = await bulk(url, ...args);
  expect([first.code, JSON.parse(first.stdout)]).toMatchObject([
    1,
    { accepted: 3, failed: 2, left: 0, failures: { "quota-exceeded": 2 } },
  ]);
  const rows = await resultsOf(`${path}.results.csv`);
  expect(rows.filter(([, id, , problem]) => id === "" && problem === "quota-exceeded")).toHaveLength(2);
  await until(() => sandbox.graph.requestCount === 3);
  expect(JSON.parse((await bulk(url, ...args)).stdout)).toMatchObject({ accepted: 3, failed: 2 });
  expect(await resultsOf(`${path}.results.csv`)).toHaveLength(5);
});

it("--run sends the same file anew, and its results need a file of their own", async () => {
  const { url, sandbox } = await startService();
  const path = await fileOf("weekly.csv", csvOf(2));
  await bulk(url, path);
  const refused = await bulk(url, path, "--run", "week-2");
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("another file or run")]);
  expect((await bulk(url, path, "--run", "week-2", "--result", `${path}.2`)).code).toBe(0);
  await until(() => sandbox.graph.requestCount === 4);
});

it("waits as long as the server asks, and goes on", async () => {
  const asked: number[] = [];
  const server = createServer((_, outgoing) => {
    asked.push(performance.now());
    if (asked.length === 1) {
      const problem = { type: "/problems/unavailable", status: 503, detail: "Too busy.", retry_after_seconds: 2 };
      outgoing.writeHead(503).end(JSON.stringify(problem));
    } else if (asked.length === 2) {
      const problem = { type: "/problems/queue-full", status: 429, detail: "Full.", retry_after_seconds: 1 };
      outgoing.writeHead(202).end(JSON.stringify({ results: [{ problem }, { message_id: "m-2", status: "queued" }] }));
    } else outgoing.writeHead(202).end(JSON.stringify({ results: [{ message_id: "m-1", status: "queued" }] }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const path = await fileOf("two.csv", csvOf(2));
  const { code, stderr } = await bulk(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, path);
  expect([code, asked.length]).toEqual([0, 3]);
  expect(stderr).toContain("Too busy. Try again in 2 s. Waiting 2 s.");
  expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(1990);
});

it("ends at once without a server, and with a key that the server refuses", async () => {
  const path = await fileOf("one.csv", csvOf(1));
  expect(await bulk("http://127.0.0.1:1", path)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("no answer"),
  });
  const server = createServer((_, outgoing) => void outgoing.writeHead(401).end('{"detail":"No."}'));
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const { code, stderr } = await bulk(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, path);
  expect([code, stderr]).toEqual([1, expect.stringContaining("MESSAGE_SENDER_API_KEY")]);
});
