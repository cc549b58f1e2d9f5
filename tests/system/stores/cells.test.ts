import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Sandbox, signWebhook, startSandbox } from "@message-sender/emulator";
import { startHttpServer } from "@message-sender/http-adapter/inbound";
import { createService } from "@message-sender/server";
import { serve } from "@hono/node-server";
import { request } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";

import { addCell } from "../../../examples/cells/add-cell.ts";
import { cellOf } from "../../../examples/cells/cell-of.ts";
import { type CellsFile, openCells } from "../../../examples/cells/cells-file.ts";
import { moveTenant } from "../../../examples/cells/move-tenant.ts";
import { createRouter } from "../../../examples/cells/router.ts";
import { openDocument } from "../../support/documented-blocks.ts";
import { runWithNpx } from "../../support/npx.ts";
import { usePostgres } from "../../support/postgres.ts";
import { runShell } from "../../support/shell.ts";

const document = await openDocument("docs/cells.md");
const appSecret = "secret-of-the-app";
const accounts = { "1001": "acme", "1002": "tenant-2", "waba-2": "tenant-2" };
const numberOf = { acme: "1001", "tenant-2": "1002" };
const nowhere: CellsFile = { cells: { a: "http://127.0.0.1:9", b: "http://127.0.0.1:9" } };

describe("the rule", () => {
  it("is that of the table, in our program and in the shell's", async () => {
    const block = document.block("sh", "sha256sum");
    const rows = [...document.text.matchAll(/^\| `([^`]+)` \| `([abc])` \|$/gm)].map(([, ...row]) => row);
    expect(rows).toHaveLength(5);
    for (const [tenantId = "", cell] of rows) {
      expect(cellOf(tenantId, ["a", "b", "c"], new Map())).toBe(cell);
      expect(await runShell(block.replace("cell_of acme", `cell_of ${tenantId}`))).toBe(`${cell}\n`);
    }
  });

  it("spreads tenants evenly, whatever the order of the cells, and a further cell takes its share and no more", () => {
    const cells = ["a", "b", "c"];
    const tenants = Array.from({ length: 3000 }, (_, index) => `tenant-${index}`);
    const before = tenants.map((tenantId) => cellOf(tenantId, cells, new Map()));
    const isAbout = (count: number, wanted: number) => Math.abs(count / wanted - 1) < 0.1;
    for (const cell of cells) expect(before.filter((one) => one === cell).length).toSatisfy((n) => isAbout(n, 1000));
    expect(tenants.map((tenantId) => cellOf(tenantId, cells.toReversed(), new Map()))).toEqual(before);
    const after = tenants.map((tenantId) => cellOf(tenantId, [...cells, "d"], new Map()));
    const changed = after.filter((cell, index) => cell !== before[index]);
    expect(new Set(changed)).toEqual(new Set(["d"]));
    expect(changed.length).toSatisfy((n) => isAbout(n, 750));
  });

  it("gives way to where a tenant is placed, whatever its name", () => {
    expect(openCells({ ...nowhere, placed: { acme: "b" } }).ofTenant("acme").name).toBe("b");
    expect(openCells({ ...nowhere, placed: { acme: "b" } }).ofTenant("constructor").name).toMatch(/^[ab]$/);
    expect(() => openCells({ ...nowhere, placed: { acme: "c" } })).toThrow("acme is in c");
    expect(openCells(JSON.parse(document.block("json", "placed")) as CellsFile).ofTenant("globex").name).toBe("b");
  });

  it("lets tenants stay where they are when a cell is added, as documented", async () => {
    const folder = await folderOfTest();
    await writeFile(join(folder, "cells.json"), JSON.stringify(nowhere));
    const tenants = Array.from({ length: 30 }, (_, index) => `tenant-${index}`);
    await writeFile(join(folder, "tenants.txt"), `${tenants.join("\n")}\n`);
    await runExample(document.block("sh", "add-cell.ts"), {}, folder);
    const after = JSON.parse(await readFile(join(folder, "cells.next.json"), "utf8")) as CellsFile;
    expect(after).toEqual(addCell(nowhere, "c", "http://10.0.3.10:3000", tenants));
    expect(Object.keys(after.placed ?? {}).length).toBeGreaterThan(3);
    const cellsOf = (file: CellsFile) => tenants.map((tenantId) => openCells(file).ofTenant(tenantId).name);
    expect(cellsOf(after)).toEqual(cellsOf(nowhere));
  });
});

describe("two cells behind a router", () => {
  const databases = { a: usePostgres(), b: usePostgres() };

  /** A whole deployment with a PostgreSQL of its own. WhatsApp is the same for all. */
  async function startCell(name: "a" | "b", tenantIds: readonly (keyof typeof numberOf)[], { graphUrl }: Sandbox) {
    const tenants = tenantIds.map((tenantId) => {
      const outlets = { main: { waba_access_token: "EAAGtoken", phone_number_id: numberOf[tenantId] } };
      return [tenantId, { quota: { limit: 100, period: "month" as const }, outlets }] as const;
    });
    const { sender, app, close } = await createService({
      databaseUrl: databases[name].url,
      graphUrl,
      tenants: Object.fromEntries(tenants),
      webhooks: { appSecret, verifyToken: "verify" },
      access: "open",
      pacing: { rates: false },
      overload: { loopDelayMs: 0, storeWaitMs: 0 },
    });
    const server = await startHttpServer({ app, host: "127.0.0.1", port: 0 });
    let closed: Promise<void> | undefined;
    const closeAll = () => (closed ??= close().then(() => server.close()));
    onTestFinished(closeAll);
    return { url: server.url, sender, close: closeAll };
  }

  let file: CellsFile;
  const routed = { cells: () => openCells(file), appSecret };

  async function setup() {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    for (const { empty } of Object.values(databases)) await empty();
    const [a, b] = await Promise.all([
      startCell("a", ["acme"], sandbox),
      startCell("b", ["tenant-2", "acme"], sandbox),
    ]);
    file = { cells: { a: a.url, b: b.url }, accounts };
    const router = serve({ fetch: createRouter(routed).fetch, hostname: "127.0.0.1", port: 0 });
    onTestFinished(() => void router.close());
    await expect.poll(() => router.address()).not.toBeNull();
    const { port } = router.address() as { port: number };
    return { sandbox, a, b, url: `http://127.0.0.1:${port}` };
  }

  it("send, tell the status, take webhooks, split batches, and fail alone", async () => {
    const { sandbox, a, b, url } = await setup();
    const ofA = await call(url, "/api/v1/messages/send", order("acme"), { "idempotency-key": "k" });
    const ofB = await call(url, "/api/v1/messages/send", order("tenant-2"), { "idempotency-key": "k" });
    expect([ofA.status, ofB.status]).toEqual([200, 200]);
    const rows = async (name: "a" | "b") =>
      (await databases[name].query("SELECT tenant_id FROM message_sender.messages")).map((row) => row["tenant_id"]);
    expect([await rows("a"), await rows("b")]).toEqual([["acme"], ["tenant-2"]]);

    // An id names no tenant.
    for (const { body } of [ofA, ofB]) {
      const found = await call(url, `/api/v1/messages/${String(body["message_id"])}/status`);
      expect([found.status, found.body["status"]]).toEqual([200, "sent"]);
    }
    expect((await call(url, "/api/v1/messages/018f2b6c-7d1e-7a40-9c3b-2f5d8e6a1b90/status")).status).toBe(404);
    expect((await call(url, `/api/v1/messages/${String(ofB.body["message_id"])}/cancel`, {})).status).toBe(409);

    // Lists are those of a tenant.
    const listed = await call(url, "/api/v1/messages?tenant_id=tenant-2");
    expect(listed.body["messages"]).toMatchObject([{ message_id: ofB.body["message_id"] }]);
    expect((await call(url, "/api/v1/messages")).status).toBe(400);
    expect((await call(url, "/api/v1/webhooks")).status).toBe(404);

    // A webhook of both, one of an account that only its entry names, and one of an account that is not in the file.
    const entries = (ids: readonly unknown[][]) =>
      ids.map(([id, number, wamid]) => ({ id, changes: [statusChange(number, wamid)] }));
    const [wamidA, wamidB] = [ofA, ofB].map(({ body }) => body["whatsapp_message_id"]);
    const both = await webhook(
      url,
      entries([
        ["waba-1", "1001", wamidA],
        ["waba-2", "1002", wamidB],
      ]),
    );
    expect(both.status).toBe(200);
    const statusOf = async ({ body }: Answer) =>
      (await call(url, `/api/v1/messages/${String(body["message_id"])}/status`)).body["status"];
    expect([await statusOf(ofA), await statusOf(ofB)]).toEqual(["delivered", "delivered"]);
    file = { ...file, accounts: {} };
    expect((await webhook(url, entries([["waba-2", "1002", wamidB]]), "read")).status).toBe(200);
    file = { ...file, accounts };
    expect(await statusOf(ofB)).toBe("read");
    expect((await webhook(url, [], "delivered", "another secret")).status).toBe(401);
    const kept = async (name: "a" | "b") =>
      (await databases[name].query("SELECT count(*)::int AS count FROM message_sender.webhooks"))[0]?.["count"];
    await webhook(url, [{ id: "waba-2", changes: [{ field: "account_alerts", value: { entity_type: "WABA" } }] }]);
    expect([await kept("a"), await kept("b")]).toEqual([0, 1]);

    // A batch for both, with a tenant that nobody has and one that is none.
    const tenants = ["tenant-2", "acme", "nobody", 5, "tenant-2"];
    const batch = () => call(url, "/api/v1/messages/batch", { messages: tenants.map((tenantId) => order(tenantId)) });
    const results = (await batch()).body["results"] as Record<string, unknown>[];
    expect(results.map((result) => result["status"] ?? (result["problem"] as Answer).status)).toEqual([
      "queued",
      "queued",
      404,
      400,
      "queued",
    ]);
    await expect.poll(() => sandbox.graph.messageCount).toBe(5);
    expect((await call(url, "/api/v1/messages/send", order("nobody"))).status).toBe(404);

    // An upload is streamed to its tenant's cell.
    const form = new FormData();
    form.append("tenant_id", "tenant-2");
    form.append("outlet_id", "main");
    form.append("file", new Blob([Buffer.from("89504e470d0a1a0a", "hex")], { type: "image/png" }), "cake.png");
    const uploaded = await fetch(`${url}/api/v1/media`, { method: "POST", body: form });
    expect([uploaded.status, await uploaded.json()]).toMatchObject([200, { size: 8 }]);

    await a.close();
    const [down, up] = [
      await call(url, "/api/v1/messages/send", order("acme")),
      await call(url, "/api/v1/messages/send", order("tenant-2")),
    ];
    expect([down.status, down.body["type"], down.body["retry_after_seconds"]]).toEqual([
      503,
      "/problems/unavailable",
      1,
    ]);
    expect(up.status).toBe(200);
    expect(await statusOf(ofB)).toBe("read");
    // Not 404: the cell that is down may know it.
    expect((await call(url, "/api/v1/messages/018f2b6c-7d1e-7a40-9c3b-2f5d8e6a1b90/status")).status).toBe(503);
    const half = (await batch()).body["results"] as Record<string, unknown>[];
    expect(half.map((result) => result["status"] ?? (result["problem"] as Answer).status).slice(0, 2)).toEqual([
      "queued",
      503,
    ]);
    expect((await webhook(url, entries([["waba-1", "1001", wamidA]]))).status).toBe(503);
    expect((await webhook(url, entries([["waba-2", "1002", wamidB]]))).status).toBe(200);
    await b.close();
  });

  it("move a tenant with all that it has, as documented, and send each message once", async () => {
    const { sandbox, a, b, url } = await setup();
    const sent = await call(url, "/api/v1/messages/send", order("acme"), { "idempotency-key": "sent" });
    await call(url, "/api/v1/pauses", { tenant_id: "acme", outlet_id: "main", reason: "For the test." });
    const queued = await call(url, "/api/v1/messages/send", order("acme"), {
      "idempotency-key": "queued",
      prefer: "respond-async",
    });
    expect([sent.status, queued.status]).toEqual([200, 202]);

    file = { ...file, moving: ["acme"] };
    expect((await call(url, "/api/v1/messages/send", order("acme"))).status).toBe(503);
    expect((await call(url, "/api/v1/messages?tenant_id=acme")).status).toBe(200);
    expect(
      (await webhook(url, [{ id: "1", changes: [statusChange("1001", sent.body["whatsapp_message_id"])] }])).status,
    ).toBe(503);
    const variables = {
      OLD_CELL: a.url,
      OLD_DATABASE_URL: databases.a.url,
      NEW_DATABASE_URL: databases.b.url,
    };
    const move = () => moveTenant("acme", databases.a.url, databases.b.url);
    await expect(move()).rejects.toThrow("Pause the tenant first");
    await call(a.url, "/api/v1/pauses", { tenant_id: "acme", reason: "For the test." });
    await expect(move()).rejects.toThrow("quota in use");
    // As if it had been in use a minute ago.
    await databases.a.query("UPDATE message_sender.quota_blocks SET expires_at = now() - interval '1 minute'");
    const moved = await runExample(document.block("sh", "move-tenant.ts"), variables);
    expect(JSON.parse(moved.slice(moved.lastIndexOf("\n{")))).toMatchObject({
      messages: 2,
      wamids: 1,
      idempotency_keys: 2,
    });
    file = { ...file, moving: [], placed: { acme: "b" } };

    // The queued message is sent from the new cell, and a repeated key finds its message there.
    await expect.poll(() => sandbox.graph.messageCount).toBe(2);
    const repeated = await call(url, "/api/v1/messages/send", order("acme"), { "idempotency-key": "sent" });
    expect([repeated.status, repeated.body["message_id"]]).toEqual([200, sent.body["message_id"]]);
    const report = [{ id: "1", changes: [statusChange("1001", sent.body["whatsapp_message_id"])] }];
    expect((await webhook(url, report)).status).toBe(200);
    const found = await call(url, `/api/v1/messages/${String(sent.body["message_id"])}/status`);
    expect(found.body["status"]).toBe("delivered");
    await runWithNpx(document.block("sh", "message-sender resume"), variables);
    // Two units, counted once: in the new cell.
    await a.sender.tick();
    await b.sender.tick();
    const used = async (name: "a" | "b") =>
      (
        await databases[name].query(
          "SELECT sum(used)::int AS used FROM message_sender.quota_counters WHERE tenant_id = 'acme'",
        )
      )[0]?.["used"];
    await expect.poll(async () => [await used("a"), await used("b")]).toEqual([null, 2]);
    expect(sandbox.graph.messageCount).toBe(2);
  });
});

it("the router starts as documented", async () => {
  const folder = await folderOfTest();
  await writeFile(join(folder, "cells.json"), JSON.stringify(nowhere));
  const block = document.block("sh", "main.ts").replace("PORT=8080", "PORT=0");
  const script = `${block.trimEnd()} > out & router=$!\nuntil grep -q listening out; do sleep 0.1; done\nkill $router\ncat out`;
  expect(await runExample(script, {}, folder)).toMatch(/^listening on http:\/\/127\.0\.0\.1:/);
});

it("runs each of its blocks", () => {
  expect(document.untested()).toEqual([]);
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

function order(tenantId: unknown) {
  return {
    tenant_id: tenantId,
    outlet_id: "main",
    conversation_id: "budi",
    to: "+628123456789",
    message: "Hello!",
    message_type: "text",
  };
}

async function call(url: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await request(url + path, {
    method: body ? "POST" : "GET",
    headers: { ...headers, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.statusCode, body: (await answer.body.json()) as Answer["body"] };
}

function statusChange(phoneNumberId: unknown, wamid: unknown) {
  const status = { id: wamid, status: "delivered", timestamp: "1795860000", recipient_id: "628123456789" };
  const metadata = { phone_number_id: phoneNumberId };
  return { field: "messages", value: { messaging_product: "whatsapp", metadata, statuses: [status] } };
}

async function webhook(url: string, entry: readonly object[], status = "delivered", secret = appSecret) {
  // Escaped as Meta does it.
  const text = JSON.stringify({ object: "whatsapp_business_account", entry }).replaceAll("/", "\\/");
  const body = text.replaceAll('"status":"delivered"', `"status":"${status}"`);
  const headers = { "content-type": "application/json", "x-hub-signature-256": signWebhook(body, secret) };
  const answer = await request(`${url}/webhooks/whatsapp`, { method: "POST", headers, body });
  await answer.body.dump();
  return { status: answer.statusCode };
}

async function folderOfTest(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "message-sender-cells-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

/** Runs a block as if in the folder of the repository. */
function runExample(block: string, variables: Record<string, string>, folder?: string): Promise<string> {
  const examples = join(import.meta.dirname, "../../../examples/cells");
  return runWithNpx(block.replaceAll("node examples/cells", `"${process.execPath}" ${examples}`), variables, folder);
}
