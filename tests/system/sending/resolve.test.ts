import { expect, it } from "vitest";

import { order, startService, until } from "../../support/running-service.ts";

/** A message whose only attempt WhatsApp accepted, and whose answer was lost. */
async function withUnknown() {
  const service = await startService({ environment: { ON_AMBIGUOUS: "hold", AMBIGUITY_EVIDENCE_MS: "50" } });
  const fault = service.sandbox.faults.add({ target: "graph", effect: { acceptThenLose: "reset" } });
  const { status, body } = await service.send(order);
  fault.remove();
  expect([status, body["message_status"]]).toEqual([504, "unknown"]);
  const path = `/api/v1/messages/${String(body["message_id"])}`;
  return { ...service, path, resolve: (action: string) => service.post(`${path}/resolve`, { action }) };
}

it("resend: the queue sends it again, and its status shows that", async () => {
  const { resolve, get, path, sandbox } = await withUnknown();
  const { status, body } = await resolve("resend");
  expect([status, body["status"]]).toEqual([200, expect.stringMatching(/^(queued|sending|sent)$/)]);
  expect(body["attempts"]).toMatchObject([{ reason: expect.stringContaining("; a resend was requested.") }]);
  expect(body["lifted_conclusions"]).toMatchObject([
    { as: "held", reason: expect.stringContaining("the policy is hold"), lifted_by: "resend" },
  ]);
  await until(() => sandbox.graph.requestCount === 2);
  await expect
    .poll(async () => (await get(`${path}/status`)).body)
    .toMatchObject({ status: "sent", possible_duplicate: true });
  expect((await resolve("abandon")).body).toMatchObject({ type: "/problems/conflict", message_status: "sent" });
});

it("abandon: it has failed, its unit stays used, and WhatsApp is not called again", async () => {
  const { resolve, get, path, sandbox, close } = await withUnknown();
  expect(await resolve("abandon")).toMatchObject({ status: 200, body: { status: "failed" } });
  expect(await resolve("abandon")).toMatchObject({ status: 409, body: { type: "/problems/conflict" } });
  expect((await get(`${path}/status`)).body).toMatchObject({ status: "failed", failed_at: expect.any(String) });
  await close();
  expect(sandbox.graph.requestCount).toBe(1);
  expect(sandbox.tenant.quotaOf(order.tenant_id)).toMatchObject({ used: 1 });
});

it("resend of a refused message: it is sent under the same id, with a new unit", async () => {
  const { sandbox, send, post, get, close } = await startService();
  const fault = sandbox.faults.add({ target: "graph", effect: { graphError: 131026 } });
  const { status, body } = await send(order);
  fault.remove();
  expect([status, body["message_status"]]).toEqual([422, "failed"]);
  const path = `/api/v1/messages/${String(body["message_id"])}`;
  expect(await post(`${path}/resolve`, { action: "resend" })).toMatchObject({ status: 200 });
  await expect.poll(async () => (await get(`${path}/status`)).body).toMatchObject({ status: "sent" });
  await close();
  expect(sandbox.tenant.quotaOf(order.tenant_id)).toMatchObject({ used: 1 });
  expect(sandbox.conversation.messages).toMatchObject([{ message_id: body["message_id"], status: "sent" }]);
});
