import { createMessageSender } from "@message-sender/core";
import { exampleMessage, exampleOutcomes, withIntent, withOutcome, withReport } from "@message-sender/core/contracts";
import { createTestPorts, type TestPorts } from "@message-sender/core/in-memory";
import { errAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { createHttpApp } from "../http-app.ts";
import type { AccessGrant } from "../access/access.ts";

let ports: TestPorts;

beforeEach(() => {
  ports = createTestPorts();
});

const dayMs = 86_400_000;
const daysAgo = (days: number, ms = 0) => new Date(ports.clock.now().getTime() - days * dayMs + ms);

async function ask(query = "", tenants: AccessGrant["tenants"] = "all") {
  const sender = createMessageSender(ports);
  const app = createHttpApp({ sender, access: () => ({ tenants, scopes: ["read"] }) });
  const response = await app.request(`/api/v1/usage${query}`, { headers: { "x-request-id": "the-same" } });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as Record<string, unknown> };
}

async function accept(...fields: Parameters<typeof exampleMessage>[0][]): Promise<void> {
  for (const each of fields) (await ports.messages.accept(exampleMessage(each)))._unsafeUnwrap();
}

describe("the usage", () => {
  it("counts by day in UTC, type, status and pricing category", async () => {
    const acceptedAt = daysAgo(1);
    const sent = () => withOutcome(withIntent(exampleMessage({ acceptedAt })), exampleOutcomes.Accepted);
    const pricing = { billable: true, category: "marketing" };
    const messages = [
      exampleMessage({ acceptedAt }),
      sent(),
      withReport(sent(), "delivered", acceptedAt, { pricing }),
      withReport(sent(), "delivered", acceptedAt, { pricing }),
      withReport(sent(), "delivered", acceptedAt, { pricing: { ...pricing, billable: false } }),
    ];
    for (const message of messages) (await ports.messages.accept({ ...message, revision: 1 }))._unsafeUnwrap();
    const day = acceptedAt.toISOString().slice(0, 10);
    const { status, body } = await ask("?tenant_id=tenant-1");
    expect(status).toBe(200);
    expect(body).toMatchObject({ messages: 5, billable: 2 });
    const kind = { day, message_type: "text", pricing_category: null, billable: 0 };
    expect(body["counts"]).toEqual([
      { ...kind, status: "delivered", pricing_category: "marketing", messages: 3, billable: 2 },
      { ...kind, status: "queued", messages: 1 },
      { ...kind, status: "sent", messages: 1 },
    ]);
  });

  it("is of the last 30 days, today included, unless the query says otherwise", async () => {
    const today = new Date(Math.floor(ports.clock.now().getTime() / dayMs) * dayMs);
    const first = new Date(today.getTime() - 29 * dayMs);
    await accept({ acceptedAt: new Date(first.getTime() - 1) }, { acceptedAt: first }, { acceptedAt: today });
    const tomorrow = new Date(today.getTime() + dayMs).toISOString();
    expect((await ask()).body).toMatchObject({ since: first.toISOString(), until: tomorrow, messages: 2 });
    const query = `?since=${first.toISOString().slice(0, 10)}&until=${today.toISOString().slice(0, 10)}`;
    expect((await ask(query)).body).toMatchObject({ until: today.toISOString(), messages: 1 });
  });

  it("sums up all tenants that the caller may see, if the query names none", async () => {
    const acceptedAt = daysAgo(1);
    await accept(...["a", "b", "b", "c"].map((tenantId) => ({ tenantId, acceptedAt })));
    expect((await ask()).body).toMatchObject({ messages: 4 });
    expect((await ask("", ["a", "b"])).body).toMatchObject({ messages: 3 });
    expect((await ask("?tenant_id=b", ["a", "b"])).body).toMatchObject({ messages: 2 });
    expect((await ask("", [])).body).toMatchObject({ messages: 0, counts: [] });
  });

  it("does not find a tenant that the caller may not see, whether it exists or not", async () => {
    await accept({ tenantId: "b", acceptedAt: daysAgo(1) });
    const foreign = await ask("?tenant_id=b", ["a"]);
    expect(foreign.status).toBe(404);
    expect(foreign.text).toBe((await ask("?tenant_id=unknown", ["a"])).text);
    expect((await ask("?tenant_id=unknown")).body).toMatchObject({ messages: 0 });
  });

  it.each([
    ["?tenant_id=a%20b", "/tenant_id"],
    ["?tenant_id=a&tenant_id=b", "/tenant_id"],
    ["?since=yesterday", "/since"],
    ["?until=2026-13-01", "/until"],
    ["?since=2001-01-01", "/since"],
    ["?until=2001-01-01", "/until"],
    ["?since=2999-01-01", "/until"],
    ["?day=2026-01-01", "/day"],
  ])("refuses %s", async (query, pointer) => {
    const { status, body } = await ask(query);
    expect(status).toBe(400);
    expect(body).toMatchObject({ type: "/problems/invalid-request", errors: [{ pointer }] });
  });

  it("begins no earlier than the first day of the retention", async () => {
    const first = new Date(Math.floor(daysAgo(30).getTime() / dayMs) * dayMs);
    expect((await ask(`?since=${first.toISOString()}`)).status).toBe(200);
    expect((await ask(`?since=${new Date(first.getTime() - 1).toISOString()}`)).body).toMatchObject({
      errors: [{ pointer: "/since", detail: `must not be before ${first.toISOString()}: older messages are gone` }],
    });
  });

  it("gets 503 while the store is unavailable", async () => {
    ports = { ...ports, messages: { ...ports.messages, count: () => errAsync({ kind: "Unavailable", reason: "x" }) } };
    expect(await ask()).toMatchObject({ status: 503, body: { type: "/problems/unavailable" } });
  });
});
