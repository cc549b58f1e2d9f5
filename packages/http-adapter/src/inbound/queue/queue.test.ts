import { errAsync } from "neverthrow";
import { beforeEach, expect, it } from "vitest";

import { createTestApp, order } from "../../../test/app.ts";
import type { AccessCheck } from "../access/access.ts";

let test: ReturnType<typeof createTestApp>;

/** A caller names the tenants that it may see in a header. */
const access: AccessCheck = (request) => {
  const tenants = request.headers.get("x-tenants") ?? "all";
  return { tenants: tenants === "all" ? "all" : tenants.split(","), scopes: ["read", "send", "admin"] };
};

beforeEach(() => {
  test = createTestApp({ access });
});

async function queue(...messages: readonly object[]): Promise<void> {
  const body = JSON.stringify({ messages: messages.map((change) => ({ ...order, ...change })) });
  expect((await test.post(body, {}, "/api/v1/messages/batch")).text).not.toContain("problem");
}

async function show(query = "", tenants = "all") {
  const answer = await test.app.request(`/api/v1/queue${query}`, { headers: { "x-tenants": tenants } });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

it("shows depth, age and reason by tenant and outlet, and the lag without what is paused", async () => {
  const { clock } = test.ports;
  const tomorrow = new Date(clock.now().getTime() + 86_400_000).toISOString();
  await queue({ tenant_id: "a", outlet_id: "x" }, { tenant_id: "a", outlet_id: "x", scheduled_at: tomorrow });
  await queue({ tenant_id: "b", outlet_id: "y", scheduled_at: tomorrow });
  (await test.sender.pause({ tenantId: "a", outletId: "x", reason: "It moves.", by: "ops" }))._unsafeUnwrap();
  await clock.advance(3000);
  await queue({ tenant_id: "a", outlet_id: "z" });
  await clock.advance(2000);
  const { status, json } = await show();
  expect([status, json]).toMatchObject([
    200,
    {
      depth: 4,
      due: 2,
      oldest_due_seconds: 5,
      lag_seconds: 2,
      complete: true,
      tenants: [
        { tenant_id: "a", depth: 3, due: 2, oldest_due_seconds: 5 },
        { tenant_id: "b", depth: 1, due: 0, oldest_due_seconds: 0 },
      ],
      outlets: [
        { outlet_id: "x", depth: 2, due: 1, paused: true, reason: expect.stringContaining("It moves.") },
        { outlet_id: "z", depth: 1, due: 1, paused: false, reason: "No process has taken it yet." },
        { outlet_id: "y", next_due_at: tomorrow, reason: `Its next message is due at ${tomorrow}.` },
      ],
    },
  ]);
});

it("is empty while nothing is queued, and shows no more outlets than asked for", async () => {
  expect((await show()).json).toMatchObject({ depth: 0, lag_seconds: 0, complete: true, tenants: [], outlets: [] });
  await queue({ outlet_id: "x" }, { outlet_id: "y" });
  expect((await show("?limit=1")).json).toMatchObject({ depth: 1, complete: false, outlets: [{}] });
});

it("shows only tenants of the caller", async () => {
  await queue({ tenant_id: "a" }, { tenant_id: "b" }, { tenant_id: "c" });
  expect((await show("", "a,b")).json).toMatchObject({ depth: 2, tenants: [{}, {}] });
  expect((await show("?tenant_id=b", "a,b")).json).toMatchObject({ tenants: [{ tenant_id: "b" }] });
  expect((await show("?tenant_id=c", "a,b")).status).toBe(404);
});

it.each(["?limit=0", "?limit=1001", "?tenant_id=a/b", "?colour=1", "?limit=1&limit=2"])("%s: 400", async (query) => {
  expect((await show(query)).status).toBe(400);
});

it("is 503 while the store is unavailable", async () => {
  Object.assign(test.ports.queue, { state: () => errAsync({ kind: "Unavailable", reason: "away" }) });
  expect((await show()).status).toBe(503);
});
