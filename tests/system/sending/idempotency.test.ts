import { describe, expect, it } from "vitest";

import { order, startService } from "../../support/running-service.ts";

const key = { "idempotency-key": "order-17" };

describe("Idempotency-Key", () => {
  it("sends once for 100 parallel requests, and repeats the answer later", async () => {
    const { send, sandbox } = await startService();
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { delayMs: 200 } });
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(order, key)));
    const sent = answers.filter(({ status }) => status === 200);
    expect(sent.length).toBeGreaterThanOrEqual(1);
    expect(answers.filter(({ status }) => status === 409).length).toBe(100 - sent.length);
    expect(answers.find(({ status }) => status === 409)).toMatchObject({
      body: { type: "/problems/idempotency-in-progress" },
      headers: { "retry-after": "1" },
    });
    expect(sandbox.graph.requestCount).toBe(1);

    const replayed = await send(order, key);
    expect(replayed).toMatchObject({ status: 200, headers: { "idempotency-replayed": "true" } });
    expect(replayed.body).toEqual(sent[0]?.body);
    expect(sandbox.graph.requestCount).toBe(1);
  });

  it("does not call the Tenant Service for an answer that is stored", async () => {
    const { send, sandbox } = await startService();
    const { body } = await send(order, key);
    await sandbox.tenant.stop();
    expect((await send(order, key)).body).toEqual(body);
  });

  it("refuses another body under the same key, and accepts the same body with another order of fields", async () => {
    const { send } = await startService();
    const { body } = await send(order, key);
    expect(await send({ ...order, message: "Another text" }, key)).toMatchObject({
      status: 422,
      body: { type: "/problems/idempotency-key-reused" },
    });
    const reordered = Object.fromEntries(Object.entries(order).toReversed());
    expect((await send(reordered, key)).body).toEqual(body);
  });

  it("keeps the keys of tenants apart", async () => {
    const { send, sandbox } = await startService();
    await send(order, key);
    await send({ ...order, tenant_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4c01" }, key);
    expect(sandbox.graph.requestCount).toBe(2);
  });

  it("replays a refusal, and leaves the key free if nothing was accepted", async () => {
    const { send, sandbox } = await startService();
    const fault = sandbox.faults.add({ target: "graph", effect: { graphError: 131026 } });
    const refused = await send(order, key);
    fault.remove();
    const replayed = await send(order, key);
    expect(replayed).toMatchObject({ status: 422, headers: { "idempotency-replayed": "true" } });
    expect(replayed.body["message_id"]).toBe(refused.body["message_id"]);

    const fresh = { "idempotency-key": "order-18" };
    const unsent = { ...order, tenant_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4d01" };
    await sandbox.tenant.stop();
    expect((await send(unsent, fresh)).status).toBe(503);
    await sandbox.tenant.start();
    expect((await send(unsent, fresh)).status).toBe(200);
  });
});
