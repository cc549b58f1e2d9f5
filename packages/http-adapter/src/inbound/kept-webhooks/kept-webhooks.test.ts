import { createMessageSender, type MessageSender } from "@message-sender/core";
import { exampleWebhook } from "@message-sender/core/contracts";
import { createTestPorts, type TestPorts } from "@message-sender/core/in-memory";
import { okAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { createHttpApp } from "../http-app.ts";
import type { AccessGrant } from "../access/access.ts";

let ports: TestPorts;
let forwarded: string[];

beforeEach(() => {
  ports = createTestPorts();
  forwarded = [];
});

const grants: Record<string, AccessGrant> = {
  operator: { tenants: "all", scopes: ["read", "admin"] },
  reader: { tenants: "all", scopes: ["read"] },
  tenant: { tenants: ["tenant-1"], scopes: ["read", "admin"] },
};

function senderOf(withReceiver = true): MessageSender {
  const forward = ({ id }: { id: string }) => okAsync(void forwarded.push(id));
  return createMessageSender({ ...ports, ...(withReceiver && { webhookForwarding: { forward } }) });
}

function ask(path: string, init: RequestInit & { as?: string } = {}, sender = senderOf()) {
  const access = () => grants[init.as ?? "operator"] ?? { refused: "unauthenticated" as const };
  return createHttpApp({ sender, access }).request(path, init);
}

async function answerTo(path: string, init: RequestInit & { as?: string } = {}, sender = senderOf()) {
  const response = await ask(path, init, sender);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const timeOf = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms);
const envelope = (number: string, said = '"x"') =>
  `{"object":"whatsapp_business_account","entry":[{"id":"w","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"${number}"},"messages":[${said}]}}]}]}`;

async function keep(...webhooks: Parameters<typeof exampleWebhook>[0][]): Promise<void> {
  (await ports.webhookInbox.add(webhooks.map(exampleWebhook), false))._unsafeUnwrap();
}

describe("the list of kept webhooks", () => {
  it("has what each is about, and its body as it was received", async () => {
    const body = envelope("1", ` {"n" : 1.0,\n "big": 12345678901234567890, "u": "\\u00e9\\/"} `);
    await keep({ id: "a", receivedAt: timeOf(0), phoneNumberId: "1", body });
    const response = await ask("/api/v1/webhooks");
    const text = await response.text();
    expect(text).toContain(`"body":${body}}`);
    expect(JSON.parse(text)).toMatchObject({
      webhooks: [
        { id: "a", received_at: timeOf(0).toISOString(), phone_number_id: "1", waba_id: "w", field: "messages" },
      ],
      next_cursor: null,
    });
  });

  it("is valid JSON whatever was kept", async () => {
    await keep({ id: "a", body: 'no "JSON"' }, { id: "b", body: "" });
    const { body } = await answerTo("/api/v1/webhooks");
    expect(body).toMatchObject({
      webhooks: [
        { id: "b", body: "" },
        { id: "a", body: 'no "JSON"' },
      ],
    });
  });

  it("has pages, of a phone number and between two times", async () => {
    const numbers = Array.from({ length: 7 }, (_, index) => index);
    await keep(...numbers.map((n) => ({ id: `${n}`, receivedAt: timeOf(n), phoneNumberId: "1" })), {
      id: "other",
      receivedAt: timeOf(3),
      phoneNumberId: "2",
    });
    const filter = `phone_number_id=1&since=${timeOf(1).toISOString()}&until=${timeOf(6).toISOString()}&limit=2`;
    const pages: unknown[] = [];
    let cursor: unknown;
    do {
      const { body } = await answerTo(
        `/api/v1/webhooks?${filter}${typeof cursor === "string" ? `&cursor=${cursor}` : ""}`,
      );
      pages.push((body["webhooks"] as { id: string }[]).map(({ id }) => id));
      cursor = body["next_cursor"];
    } while (cursor !== null && pages.length < 9);
    expect(pages).toEqual([["5", "4"], ["3", "2"], ["1"]]);
  });

  it.each([
    ["cursor=", "/cursor"],
    ["cursor=AAAA", "/cursor"],
    ["limit=501", "/limit"],
    ["phone_number_id=a%20b", "/phone_number_id"],
    ["status=sent", "/status"],
    ["since=2026-01-02&until=2026-01-01", "/until"],
  ])("refuses %s", async (query, pointer) => {
    const { status, body } = await answerTo(`/api/v1/webhooks?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ type: "/problems/invalid-request", errors: [{ pointer }] });
  });

  it("refuses the cursor of a list with other filters, and one that was changed", async () => {
    await keep({ phoneNumberId: "1" }, { phoneNumberId: "1" }, { phoneNumberId: "2" });
    const { body } = await answerTo("/api/v1/webhooks?phone_number_id=1&limit=1");
    const cursor = String(body["next_cursor"]);
    expect((await ask(`/api/v1/webhooks?phone_number_id=1&cursor=${cursor}`)).status).toBe(200);
    expect((await ask(`/api/v1/webhooks?phone_number_id=2&cursor=${cursor}`)).status).toBe(400);
    expect((await ask(`/api/v1/webhooks?phone_number_id=1&cursor=${cursor.slice(1)}`)).status).toBe(400);
  });

  it("is for callers that see all tenants", async () => {
    await keep({ phoneNumberId: "1" });
    expect(await answerTo("/api/v1/webhooks?phone_number_id=1", { as: "tenant" })).toMatchObject({
      status: 403,
      body: { type: "/problems/forbidden", detail: "This needs access to all tenants." },
    });
    expect((await ask("/api/v1/webhooks", { as: "reader" })).status).toBe(200);
    expect((await ask("/api/v1/webhooks", { as: "nobody" })).status).toBe(401);
  });

  it("gets 503 while the store is unavailable", async () => {
    const sender = senderOf();
    (ports as unknown as { setUnavailable(is: boolean): void }).setUnavailable(true);
    expect(await answerTo("/api/v1/webhooks", {}, sender)).toMatchObject({ status: 503 });
    expect(await answerTo("/api/v1/webhooks/forward", { method: "POST" }, sender)).toMatchObject({ status: 503 });
  });
});

describe("forwarding what was kept", () => {
  const forward = (query = "", init: RequestInit & { as?: string } = {}, sender = senderOf()) =>
    answerTo(`/api/v1/webhooks/forward${query}`, { method: "POST", ...init }, sender);

  it("delivers each webhook once, however often it is asked for", async () => {
    await keep(...Array.from({ length: 250 }, (_, n) => ({ id: `${n}`, receivedAt: timeOf(n) })));
    const sender = senderOf();
    expect(await forward("", {}, sender)).toEqual({ status: 200, body: { matched: 250, queued: 250 } });
    expect(await forward("", {}, sender)).toEqual({ status: 200, body: { matched: 250, queued: 0 } });
    await sender.tick();
    expect(await forward("", {}, sender)).toEqual({ status: 200, body: { matched: 250, queued: 0 } });
    await sender.tick();
    expect(forwarded.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 250 }, (_, n) => `${n}`));
  });

  it("delivers those that match, and with `again` also those that were delivered", async () => {
    await keep(
      { id: "a", receivedAt: timeOf(0), phoneNumberId: "1" },
      { id: "b", receivedAt: timeOf(1), phoneNumberId: "1" },
      { id: "c", receivedAt: timeOf(1), phoneNumberId: "2" },
    );
    const sender = senderOf();
    const filter = `?phone_number_id=1&since=${timeOf(1).toISOString()}`;
    expect((await forward(filter, {}, sender)).body).toEqual({ matched: 1, queued: 1 });
    await sender.tick();
    expect((await forward(`${filter}&again=true`, {}, sender)).body).toEqual({ matched: 1, queued: 1 });
    await sender.tick();
    expect(forwarded).toEqual(["b", "b"]);
  });

  it.each([
    ["operator", { matched: 2, changed: 1 }],
    ["tenant", { problem: "forbidden" }],
  ])("logs what was asked, and what became of it: by the %s", async (as, fields) => {
    await keep({ phoneNumberId: "1", receivedAt: timeOf(1) }, { phoneNumberId: "2", receivedAt: timeOf(1) });
    const lines: object[] = [];
    const log = (line: object) => void lines.push(line);
    const access = () => grants[as] ?? { refused: "unauthenticated" as const };
    const app = createHttpApp({ sender: senderOf(), access, logger: { info: log, warn: log, error: log } });
    const forwardOf = (query: string) => app.request(`/api/v1/webhooks/forward?${query}`, { method: "POST" });
    await forwardOf("phone_number_id=1");
    lines.length = 0;
    await forwardOf("since=2026-01-01&again=false");
    const filter = { since: timeOf(0).toISOString(), again: "false" };
    expect(lines).toMatchObject([{ action: "forward", filter, ...fields }]);
  });

  it("is a conflict if there is no receiver", async () => {
    await keep({});
    expect(await forward("", {}, senderOf(false))).toMatchObject({
      status: 409,
      body: { type: "/problems/conflict", title: "Webhooks are not forwarded" },
    });
  });

  it.each([
    ["a filter in the body", "", { body: '{"phone_number_id":"1"}' }, 400],
    ["a large body", "", { body: "x".repeat(100_000) }, 400],
    ["another parameter", "?limit=1", {}, 400],
    ["another `again`", "?again=yes", {}, 400],
    ["a web page", "", { headers: { origin: "https://example.com" } }, 403],
    ["a key of one tenant", "", { as: "tenant" }, 403],
    ["a key that may only read", "", { as: "reader" }, 403],
  ])("is refused for %s", async (_, query, init, status) => {
    await keep({ phoneNumberId: "1" });
    const sender = senderOf();
    expect((await forward(query, init, sender)).status).toBe(status);
    await sender.tick();
    expect(forwarded).toEqual([]);
  });

  it("takes an empty object for no body", async () => {
    expect((await forward("", { body: " {}\n", headers: { "content-type": "application/json" } })).status).toBe(200);
  });
});
