import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it, onTestFinished } from "vitest";

import { codeBlocks } from "../../../tools/readmes/code-blocks.ts";
import { apiKeysFile, newKey } from "../../support/api-keys.ts";
import { openDocument } from "../../support/documented-blocks.ts";
import { order, startService } from "../../support/running-service.ts";
import { withFactsOf } from "../../support/same-shape.ts";
import { runShell } from "../../support/shell.ts";

const document = await openDocument("docs/api.md");
const generate = document.block("sh", "openapi-typescript");
const requests = document.blocks("sh");
const values = document.blocks("json");
const examples = values.filter((text) => text.includes('"message_type": ') && text.includes('"message": '));

/** What the document shows as the output of a block: the JSON behind it. */
function shownAfter(request: string): string | undefined {
  const blocks = codeBlocks(document.text);
  const next = blocks[blocks.findIndex(({ text }) => text === request) + 1];
  return next?.language === "json" ? next.text : undefined;
}

async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-api-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

it("its requests, one after the other in one shell, get the answers that stand behind them", async () => {
  const folder = await temporaryFolder();
  const file = await apiKeysFile();
  const { key } = await newKey(file);
  const { url } = await startService({ environment: { API_KEYS_FILE: file } });
  await writeFile(join(folder, "cake.jpg"), Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(16)]));
  const [setup = "", ...others] = requests;
  expect(setup).toMatch(/URL=http:\/\/127\.0\.0\.1:3000\n.*API_KEY=msk_YourKey\n/);
  const parts = [setup.replace("http://127.0.0.1:3000", url).replace("msk_YourKey", key), ...others];
  const script = parts.map((part) => `${part}\nprintf '\\n---\\n'\n`).join("");
  const printed = (await runShell(`cd '${folder}'\n${script}`)).split("\n---\n").slice(1, -1);

  expect(printed).toHaveLength(others.length);
  for (const [index, request] of others.entries()) {
    const shown = shownAfter(request);
    if (shown === undefined) continue;
    const actual: unknown = JSON.parse(printed[index] ?? "");
    expect(actual, request).toEqual(withFactsOf(JSON.parse(shown), actual));
  }
  const shownAnswers = others.map(shownAfter).filter((shown) => shown !== undefined);
  expect(shownAnswers.length + examples.length).toBe(values.length);
  const pages = (await readFile(join(folder, "pages.jsonl"), "utf8")).trim().split("\n");
  expect(pages.map((page) => JSON.parse(page) as object)).toMatchObject([
    { messages: [{ reference: "order-17" }] },
    ...pages.slice(1).map(() => ({ messages: [], next_cursor: null })),
  ]);
});

it("its examples of messages are sent, one of each type and kind that there is", async () => {
  const { send, get } = await startService();
  for (const example of examples.map((text) => JSON.parse(text) as object)) {
    expect(await send({ ...order, ...example }), JSON.stringify(example)).toMatchObject({ status: 200 });
  }
  const { paths } = (await get("/openapi.json")).body as unknown as SendDocument;
  const all = Object.values(paths["/api/v1/messages/send"].post.requestBody.content["application/json"].examples).map(
    ({ value }) => value,
  );
  const typesOf = (bodies: readonly SendBody[]) => new Set(bodies.map(({ message_type: type }) => type));
  expect(typesOf(examples.map((text) => JSON.parse(text) as SendBody))).toEqual(typesOf(all));
  const [, list = ""] = /^The others: ([^.]*)\./m.exec(document.text) ?? [];
  const others = [...list.matchAll(/`(\w+)`/g)].map(([, kind]) => kind);
  const kinds = new Set(
    all.flatMap(({ message_type: type, message }) => (type === "interactive" ? [message.type] : [])),
  );
  expect(new Set(["button", "list", ...others])).toEqual(kinds);
});

interface SendBody {
  readonly message_type: string;
  readonly message: { readonly type?: string };
}
interface SendDocument {
  readonly paths: {
    readonly "/api/v1/messages/send": {
      readonly post: {
        readonly requestBody: {
          readonly content: {
            readonly "application/json": { readonly examples: Readonly<Record<string, { readonly value: SendBody }>> };
          };
        };
      };
    };
  };
}

describe("what it says of a repeat with the same key", () => {
  const advice = new Map(
    [...document.text.matchAll(/^\| \d+ \| `\/problems\/([\w-]+)` \| .* \| (.*) \|$/gm)].map(([, type, what = ""]) => [
      type,
      what,
    ]),
  );

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["rate-limited", { graphError: 130429 }, /^Repeat with the same key, after `Retry-After`/],
    ["delivery-failed", { graphError: 131000 }, /`resend`/],
    ["message-rejected", { graphError: 131026 }, /^Do what `detail` says/],
    ["credentials-rejected", { graphError: 190 }, /`resend`/],
    ["outcome-unknown", { reset: "after" }, /resolve/],
  ])("after %s is what happens", async (type, effect, what) => {
    const { send, post, get, sandbox } = await startService({
      environment: { RETRY_SCHEDULE_MS: "0,1", ON_AMBIGUOUS: "hold" },
    });
    const fault = sandbox.faults.add({ target: "graph", effect: effect as { graphError: number } });
    const headers = { "idempotency-key": "order-17", prefer: "wait=1" };
    const { status, body } = await send(order, headers);
    expect(body).toMatchObject({ type: `/problems/${type}`, message_id: expect.any(String) });
    expect(advice.get(type)).toMatch(what);
    fault.remove();
    if (what.source.startsWith("^Repeat")) {
      await expect.poll(async () => (await send(order, headers)).status).toBe(200);
      return;
    }
    const repeated = await send(order, headers);
    expect(repeated).toMatchObject({ status, headers: { "idempotency-replayed": "true" } });
    const path = `/api/v1/messages/${String(body["message_id"])}`;
    expect(await post(`${path}/resolve`, { action: "resend" })).toMatchObject({ status: 200 });
    // A refused token is not tried again for 30 seconds.
    if (type === "credentials-rejected") return;
    await expect.poll(async () => (await get(`${path}/status`)).body["status"]).toBe("sent");
  });

  it.each(["quota-exceeded", "unavailable"])("after %s is that it sends the message", async (type) => {
    const { send, sandbox } = await startService();
    expect(advice.get(type)).toMatch(/^Repeat with the same key, after `Retry-After`/);
    if (type === "unavailable") await sandbox.tenant.stop();
    else sandbox.tenant.setQuota(order.tenant_id, 0);
    const headers = { "idempotency-key": "order-17" };
    const refused = await send(order, headers);
    expect(refused).toMatchObject({
      body: { type: `/problems/${type}` },
      headers: { "retry-after": expect.any(String) },
    });
    if (type === "unavailable") await sandbox.tenant.start();
    else sandbox.tenant.setQuota(order.tenant_id, 10);
    await expect.poll(async () => (await send(order, headers)).status).toBe(200);
  });
});

it("its command generates a client", async () => {
  const folder = await temporaryFolder();
  const { url } = await startService();
  const generator = fileURLToPath(import.meta.resolve("openapi-typescript/package.json")).replace(
    "package.json",
    "bin/cli.js",
  );
  const command = generate.replace("npx openapi-typescript", `"${process.execPath}" "${generator}"`);
  await runShell(`cd '${folder}'\n${command}`, { MESSAGE_SENDER_URL: url });
  expect(await readFile(join(folder, "api.ts"), "utf8")).toContain('"/api/v1/messages/send"');
});

it("each block of it was run", () => {
  expect(document.untested()).toEqual([]);
});
