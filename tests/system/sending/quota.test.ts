import { describe, expect, it } from "vitest";

import { order, startService, tenant } from "../../support/running-service.ts";

const otherTenant = "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4b01";
const outlets = { [order.outlet_id]: { waba_access_token: "EAAquotaToken", phone_number_id: "106540352242922" } };
const seeded = {
  tenants: { [tenant]: { quota: { limit: 5 }, outlets }, [otherTenant]: { quota: { limit: 5 }, outlets } },
};

describe("quota", () => {
  it.each([
    { reservations: true, name: "with reservations" },
    { reservations: false, name: "without reservations" },
  ])("lets exactly 5 + 5 of 50 + 50 parallel sends through, $name", async ({ reservations }) => {
    const { send, sandbox } = await startService({ sandbox: { ...seeded, reservations } });
    const answers = await Promise.all(
      [tenant, otherTenant].flatMap((tenant_id) => Array.from({ length: 50 }, () => send({ ...order, tenant_id }))),
    );
    const of = (status: number) => answers.filter((answer) => answer.status === status);
    expect(of(200)).toHaveLength(10);
    expect(of(429)).toHaveLength(90);
    expect(of(429)[0]?.body).toMatchObject({
      type: "/problems/quota-exceeded",
      retry_after_seconds: expect.any(Number),
    });
    expect(of(429)[0]?.headers["retry-after"]).toBeDefined();
    expect(sandbox.graph.messages).toHaveLength(10);
  });

  it("fails closed when the Tenant Service is down: nothing reaches WhatsApp", async () => {
    const { send, sandbox } = await startService({ sandbox: seeded });
    await sandbox.tenant.stop();
    const { status, headers, body } = await send();
    expect(status).toBe(503);
    expect(body["type"]).toBe("/problems/unavailable");
    expect(headers["retry-after"]).toBeDefined();
    expect(sandbox.graph.requestCount).toBe(0);
    await sandbox.tenant.start();
    expect((await send()).status).toBe(200);
  });

  it("answers the same 404 for an unknown tenant and an unknown outlet, and uses no unit", async () => {
    const { send, sandbox, close } = await startService({ sandbox: seeded });
    const unknown = "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3fffff";
    const answers = [await send({ ...order, tenant_id: unknown }), await send({ ...order, outlet_id: unknown })];
    for (const { status, body } of answers) expect([status, body["detail"]]).toEqual([404, answers[0]?.body["detail"]]);
    await close();
    expect(sandbox.tenant.quotaOf(tenant)).toMatchObject({ used: 0 });
  });
});
