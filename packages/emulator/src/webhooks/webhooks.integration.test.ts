import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";

import { afterEach, describe, expect, test } from "vitest";

import type { SandboxOptions } from "../sandbox/sandbox-options.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import type { WebhookOptions } from "./webhooks.ts";

const appSecret = "s3cret/ä";
const sandboxes: Sandbox[] = [];
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.close()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Change {
  value: { metadata: object; statuses: { id: string; status: string; [more: string]: unknown }[] };
}

/** Takes webhooks as our side does: the signature is that of the bytes as they came. `answer` may leave one unanswered. */
async function receiver(answer: (response: ServerResponse, count: number) => void = (response) => response.end()) {
  const got: { status: string; id: string; raw: string; wabaId: string; change: Change; signed: boolean }[] = [];
  const heads: IncomingMessage["headers"][] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const expected = `sha256=${createHmac("sha256", appSecret).update(bytes).digest("hex")}`;
    const raw = bytes.toString("latin1");
    const { entry } = JSON.parse(raw) as { entry: [{ id: string; changes: [Change] }] };
    const [{ id: wabaId, changes }] = entry;
    const [change] = changes;
    const [first] = change.value.statuses;
    const signed = request.headers["x-hub-signature-256"] === expected;
    heads.push(request.headers);
    got.push({ status: first?.status ?? "", id: first?.id ?? "", raw, wabaId, change, signed });
    answer(response, got.length);
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/whatsapp`;
  return { url, got, heads, statuses: () => got.map(({ status }) => status) };
}

async function sandboxTo(url: string, webhooks: WebhookOptions = {}, options: SandboxOptions = {}) {
  const sandbox = await startSandbox({ ...options, webhooks: { url, appSecret, ...webhooks } });
  sandboxes.push(sandbox);
  return sandbox;
}

async function send(sandbox: Sandbox, more: object = {}, phoneNumberId = "123"): Promise<string> {
  const response = await fetch(`${sandbox.graphUrl}/v25.0/${phoneNumberId}/messages`, {
    method: "POST",
    headers: { authorization: "Bearer EAAtoken", "content-type": "application/json" },
    body: JSON.stringify({ messaging_product: "whatsapp", to: "+628123", text: { body: "Hello!" }, ...more }),
  });
  const { messages } = (await response.json()) as { messages: [{ id: string }] };
  return messages[0].id;
}

describe("status webhooks", () => {
  test("sent, delivered and read arrive in order, signed over their bytes", async () => {
    const { url, got, heads, statuses } = await receiver();
    const sandbox = await sandboxTo(url);
    const wamid = await send(sandbox, { biz_opaque_callback_data: "ms1:ä/1" });
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "delivered", "read"]);
    expect(got.map(({ id, signed }) => [id, signed])).toEqual(got.map(() => [wamid, true]));
    expect(heads[0]?.["content-type"]).toBe("application/json");
    expect(got[0]?.raw).toContain(String.raw`"biz_opaque_callback_data":"ms1:\u00e4\/1"`);
    expect(got.map(({ change }) => change.value.statuses[0])).toMatchObject(
      got.map(() => ({ recipient_id: "628123", biz_opaque_callback_data: "ms1:ä/1" })),
    );
    const priced = got.filter(({ raw }) => raw.includes("pricing"));
    expect(priced.map(({ status }) => status)).toEqual(["sent", "delivered"]);
    expect(sandbox.webhooks.sent).toMatchObject([
      { url, attempt: 1, responseStatus: 200, statuses: [{ wamid, status: "sent" }] },
      { statuses: [{ wamid, status: "delivered" }] },
      { statuses: [{ wamid, status: "read" }] },
    ]);
    expect(Math.abs((sandbox.webhooks.sent[0]?.at ?? 0) - Date.now())).toBeLessThan(5_000);
  });

  test("of a reaction tell only that it was sent, or that it failed", async () => {
    const { url, statuses } = await receiver();
    const sandbox = await sandboxTo(url);
    const reaction = { type: "reaction", reaction: { message_id: "wamid.A", emoji: "👍" } };
    await send(sandbox, reaction);
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent"]);
    sandbox.webhooks.fail(() => true, 131009);
    await send(sandbox, reaction);
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "sent", "failed"]);
  });

  test("to a business-scoped user id tell no phone number", async () => {
    const { url, got } = await receiver();
    const sandbox = await sandboxTo(url, { statuses: ["sent"] });
    await send(sandbox, { to: undefined, recipient: "US.13491208655302741918" });
    await sandbox.webhooks.idle();
    expect(got[0]?.change.value.statuses[0]).toMatchObject({ recipient_user_id: "US.13491208655302741918" });
    expect(got[0]?.raw).not.toMatch(/recipient_id|wa_id/);
  });

  test("name the WABA and the number of the outlet that sent", async () => {
    const { url, got } = await receiver();
    const outlets = { o1: { waba_access_token: "EAAtoken", phone_number_id: "777", waba_id: "999" } };
    const seeded = await sandboxTo(url, { phoneDisplay: "6221555" }, { tenants: { t1: { outlets } } });
    await send(seeded, {}, "777");
    await seeded.webhooks.idle();
    expect(got[0]).toMatchObject({
      wabaId: "999",
      change: { value: { metadata: { display_phone_number: "6221555", phone_number_id: "777" } } },
    });
    const open = await sandboxTo(url);
    const asked = open.tenant.credentialsOf("t1", "o1");
    await send(open, {}, asked?.phone_number_id);
    await send(open, {}, "123");
    await open.webhooks.idle();
    expect(got[3]?.wabaId).toBe(asked?.waba_id);
    expect(got[6]?.wabaId).toMatch(/^2[0-9]{14}$/);
    expect(got[6]?.change.value.metadata).toMatchObject({ display_phone_number: expect.stringMatching(/^1555\d{7}$/) });
  });

  test("nothing is sent without a target, and what was accepted before has no webhooks later", async () => {
    const { url, statuses } = await receiver();
    const sandbox = await startSandbox({ webhooks: { statuses: ["sent", "read"] } });
    sandboxes.push(sandbox);
    sandbox.webhooks.withhold();
    await send(sandbox);
    sandbox.webhooks.target({ url, appSecret });
    sandbox.webhooks.release();
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual([]);
    await send(sandbox);
    await sandbox.webhooks.idle();
    sandbox.webhooks.target(undefined);
    await send(sandbox);
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "read"]);
  });

  test("a target that makes no sense is refused", async () => {
    const sandbox = await sandboxTo("http://127.0.0.1:9");
    expect(() => sandbox.webhooks.target({ url: "nowhere", appSecret })).toThrow(/url/);
    expect(() => sandbox.webhooks.duplicate(0)).toThrow();
    await expect(startSandbox({ webhooks: { url: "http://127.0.0.1:9" } })).rejects.toThrow(/appSecret/);
  });

  test("a refused message has none", async () => {
    const { url, statuses } = await receiver();
    const sandbox = await sandboxTo(url);
    sandbox.faults.add({ target: "graph", effect: { graphError: 131056 } });
    await expect(send(sandbox)).rejects.toThrow();
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual([]);
  });

  test.each([{ acceptThenLose: "reset" }, { acceptThenLose: "close" }, { truncate: true }] as const)(
    "a message whose answer is lost has them: %j",
    async (effect) => {
      const { url, statuses } = await receiver();
      const sandbox = await sandboxTo(url);
      sandbox.faults.add({ target: "graph", effect });
      await expect(send(sandbox)).rejects.toThrow();
      await sandbox.webhooks.idle();
      expect(statuses()).toEqual(["sent", "delivered", "read"]);
    },
  );

  /** How long after its message each webhook went out; a busy machine makes it later, and never earlier. */
  const pausesOf = ({ graph, webhooks }: Sandbox) => webhooks.sent.map(({ at }) => at - (graph.messages[0]?.at ?? at));

  test("each status has a pause before it, its own or the same for all", async () => {
    const { url, statuses } = await receiver();
    const sandbox = await sandboxTo(url, { delayMs: { delivered: 40, read: 60_000 } });
    await send(sandbox);
    await expect.poll(statuses).toEqual(["sent", "delivered"]);
    expect(pausesOf(sandbox)[1]).toBeGreaterThanOrEqual(35);
    const controlled = await fetch(`${sandbox.graphUrl}/__emulator/webhooks`);
    await expect(controlled.json()).resolves.toMatchObject({ url, onTheWay: 1 });
    const even = await sandboxTo(url, { delayMs: 40 });
    await send(even);
    await even.webhooks.idle();
    for (const [index, pause] of pausesOf(even).entries()) expect(pause).toBeGreaterThanOrEqual(40 * index + 35);
  });
});

describe("the switches", () => {
  test("withheld until the release", async () => {
    const { url, statuses } = await receiver();
    const sandbox = await sandboxTo(url);
    sandbox.webhooks.withhold();
    await send(sandbox);
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual([]);
    sandbox.webhooks.release();
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "delivered", "read"]);
  });

  test("what waits behind a slow request is withheld too", async () => {
    const answers: (() => void)[] = [];
    const { url, statuses } = await receiver((response) => answers.push(() => response.end()));
    const sandbox = await sandboxTo(url);
    await send(sandbox);
    await expect.poll(statuses).toEqual(["sent"]);
    sandbox.webhooks.withhold();
    answers[0]?.();
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent"]);
  });

  test("duplicates come after each other, and reordered they come anyhow", async () => {
    const { url, got, statuses } = await receiver();
    const sandbox = await sandboxTo(url);
    sandbox.webhooks.duplicate(2);
    await send(sandbox);
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "sent", "delivered", "delivered", "read", "read"]);
    expect(got[1]?.raw).toBe(got[0]?.raw);
    sandbox.webhooks.duplicate(1);
    sandbox.webhooks.reorder(true);
    sandbox.webhooks.withhold();
    await send(sandbox);
    sandbox.webhooks.release();
    await sandbox.webhooks.idle();
    const shuffled = statuses().slice(6);
    expect(shuffled).not.toEqual(["sent", "delivered", "read"]);
    expect(shuffled.toSorted()).toEqual(["delivered", "read", "sent"]);
  });

  test("fail: one failed status in the place of delivered and read", async () => {
    const { url, got, statuses } = await receiver();
    const sandbox = await sandboxTo(url);
    sandbox.webhooks.fail(({ waId }) => waId === "628123", 131026);
    await send(sandbox);
    await send(sandbox, { to: "+4912" });
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "failed", "sent", "delivered", "read"]);
    expect(got[1]?.change.value.statuses[0]?.["errors"]).toMatchObject([{ code: 131026 }]);
  });

  test("fail by its wamid, named while it is withheld, with no outcome configured", async () => {
    const { url, statuses } = await receiver();
    const sandbox = await sandboxTo(url, { statuses: ["sent"] });
    sandbox.webhooks.withhold();
    sandbox.webhooks.duplicate(2);
    const [first] = [await send(sandbox), await send(sandbox)];
    sandbox.webhooks.fail(first, 131049, "Not today.");
    sandbox.webhooks.release();
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "sent", "failed", "failed", "sent", "sent"]);
  });

  test("over HTTP", async () => {
    const { url, statuses } = await receiver();
    const sandbox = await startSandbox();
    sandboxes.push(sandbox);
    const fail = [{ match: { to: "628123" }, errorCode: 131026 }];
    const put = (settings: object) =>
      fetch(`${sandbox.tenantUrl}/__emulator/webhooks`, { method: "PUT", body: JSON.stringify(settings) });
    await put({ url, appSecret, fail, withhold: true });
    await send(sandbox);
    await put({ withhold: false });
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "failed"]);
  });
});

describe("sent again", () => {
  test("at once, with the same bytes, before what comes after", async () => {
    const { url, got, statuses } = await receiver((response, count) =>
      response.writeHead(count === 1 ? 503 : 200).end(),
    );
    const sandbox = await sandboxTo(url);
    await send(sandbox);
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "sent", "delivered", "read"]);
    expect(got[1]?.raw).toBe(got[0]?.raw);
    expect(sandbox.webhooks.sent).toMatchObject([{ attempt: 1, responseStatus: 503 }, { attempt: 2 }, {}, {}]);
  });

  test("204 is not the 200 that Meta asks for; then pauses, while the others go on, until it is given up", async () => {
    const { url, statuses } = await receiver((response, count) => response.writeHead(count < 3 ? 204 : 200).end());
    const sandbox = await sandboxTo(url, { retryPausesMs: [0, 30] });
    await send(sandbox);
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "sent", "delivered", "read", "sent"]);
    const refusing = await receiver((response) => response.writeHead(500).end());
    sandbox.webhooks.target({ url: refusing.url, appSecret });
    await send(sandbox);
    await sandbox.webhooks.idle();
    expect(refusing.got).toHaveLength(9);
    expect(sandbox.webhooks.sent.at(-1)).toMatchObject({ attempt: 3, responseStatus: 500 });
  });

  test("no answer: a cut connection, silence, and nobody there", async () => {
    const cut = await receiver((response) => response.destroy());
    const sandbox = await sandboxTo(cut.url, { statuses: ["sent"], retryPausesMs: [0], timeoutMs: 300 });
    const silent = await receiver(() => undefined);
    for (const url of [cut.url, silent.url, "http://127.0.0.1:1/"]) {
      sandbox.webhooks.target({ url, appSecret });
      await send(sandbox);
      await sandbox.webhooks.idle();
    }
    expect([cut.got.length, silent.got.length]).toEqual([2, 2]);
    const { sent } = sandbox.webhooks;
    expect(sent.map(({ attempt }) => attempt)).toEqual([1, 2, 1, 2, 1, 2]);
    expect(sent[2]?.error).toBe("no answer within 300 ms");
    for (const record of sent) {
      expect(record.error).toBeTruthy();
      expect(record).not.toHaveProperty("responseStatus");
    }
  });

  test("to the target of now", async () => {
    const { url, statuses } = await receiver();
    const sandbox = await sandboxTo("http://127.0.0.1:1/", { retryPausesMs: [60] });
    await send(sandbox);
    await expect.poll(() => sandbox.webhooks.sent.length).toBe(3);
    sandbox.webhooks.target({ url, appSecret });
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "delivered", "read"]);
  });

  test("the log keeps the newest", async () => {
    const { url } = await receiver();
    const sandbox = await sandboxTo(url, {}, { keep: 2 });
    await send(sandbox);
    await sandbox.webhooks.idle();
    expect(sandbox.webhooks.sent.map(({ statuses }) => statuses[0]?.status)).toEqual(["delivered", "read"]);
  });
});

describe("ending", () => {
  /** One request without an answer, one delayed, one to be sent again, one withheld. */
  async function busy() {
    const { url, got, statuses } = await receiver((response, count) => {
      if (count === 1) response.writeHead(500).end();
    });
    const sandbox = await sandboxTo(url, { delayMs: { read: 60_000 }, retryPausesMs: [60_000] });
    await send(sandbox);
    await expect.poll(() => got.length).toBe(2);
    sandbox.webhooks.withhold();
    await send(sandbox);
    return { sandbox, statuses };
  }

  test("reset drops what is pending and turns the switches off; the target stays", async () => {
    const { sandbox, statuses } = await busy();
    sandbox.webhooks.fail(() => true, 131026);
    sandbox.webhooks.duplicate(3);
    sandbox.webhooks.reorder(true);
    const idle = sandbox.webhooks.idle();
    sandbox.reset();
    await idle;
    expect(sandbox.webhooks.sent).toEqual([]);
    const { url, got } = await receiver();
    sandbox.webhooks.target({ url, appSecret });
    sandbox.reset();
    await send(sandbox);
    await expect.poll(() => got.map(({ status }) => status)).toEqual(["sent", "delivered"]);
    expect(statuses()).toEqual(["sent", "delivered"]);
  });

  test("close sends no more", async () => {
    const { sandbox, statuses } = await busy();
    const idle = sandbox.webhooks.idle();
    await sandbox.close();
    await idle;
    sandbox.webhooks.release();
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "delivered"]);
  });

  test("nothing that is pending keeps the process alive after a close", async () => {
    const silent = await receiver(() => undefined);
    const script = `
      import { startSandbox } from "../sandbox/sandbox.ts";
      const webhooks = { url: process.argv[1], appSecret: "s", delayMs: { read: 60_000 }, retryPausesMs: [60_000] };
      const sandbox = await startSandbox({ webhooks: { ...webhooks, concurrency: 2 } });
      const send = () => fetch(sandbox.graphUrl + "/v25.0/1/messages", {
        method: "POST",
        headers: { authorization: "Bearer EAA" },
        body: JSON.stringify({ messaging_product: "whatsapp", to: "+62", text: { body: "Hello!" } }),
      });
      await (await send()).text();
      sandbox.webhooks.target({ url: "http://127.0.0.1:1/", appSecret: "s" });
      await (await send()).text();
      console.log((await (await fetch(sandbox.graphUrl + "/__emulator/webhooks")).json()).onTheWay);
      await sandbox.close();`;
    const run = promisify(execFile)(process.execPath, ["--input-type=module", "-e", script, silent.url], {
      cwd: import.meta.dirname,
      timeout: 10_000,
    });
    expect(await run).toEqual({ stdout: "6\n", stderr: "" });
  });
});
