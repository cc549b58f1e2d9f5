import { describe, expect, it } from "vitest";

import { order, outlet, startService, tenant } from "../../support/running-service.ts";

const limit = 5;
const credentials = { waba_access_token: "EAAoldToken", phone_number_id: "106540352242922" };
const seeded = { tenants: { [tenant]: { quota: { limit }, outlets: { [outlet]: credentials } } } };

/** Short waits. Only the first test checks the real ones. */
const fast = { RETRY_SCHEDULE_MS: "0,20,40,80" };

describe("retries", () => {
  it("makes four attempts, at once and 1, 2 and 4 s after the end of the previous one, then answers 500", async () => {
    const { send, get, sandbox, log } = await startService({ sandbox: seeded });
    sandbox.faults.add({ target: "graph", effect: { status: 503 } });
    const { status, body, headers } = await send();
    expect(status).toBe(500);
    expect(body).toMatchObject({ type: "/problems/delivery-failed", message_status: "failed", attempts: 4 });
    expect(headers["retry-after"]).toMatch(/^[345]$/);

    const requests = sandbox.graph.requests;
    expect(requests).toHaveLength(4);
    const waits = requests.slice(1).map(({ at }, index) => at - Number(requests[index]?.endedAt));
    for (const [index, slotMs] of [1000, 2000, 4000].entries()) expect(waits[index]).toBeGreaterThanOrEqual(slotMs);
    const lines = log.map((line) => JSON.parse(line) as Record<string, unknown>);
    // A busy machine may be late; what was planned is exact.
    expect(lines.filter(({ msg }) => msg === "attempt ended")).toMatchObject([
      { attempt: 1, reason: expect.stringContaining("to be repeated after 1 s:") },
      { attempt: 2, reason: expect.stringContaining("to be repeated after 2 s:") },
      { attempt: 3, reason: expect.stringContaining("to be repeated after 4 s:") },
      { attempt: 4, reason: expect.stringContaining("not repeated:") },
    ]);
    const errors = lines.filter(({ level }) => level === 50);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ message_id: body["message_id"], attempts: { length: 4 } });
    const record = (await get(`/api/v1/messages/${String(body["message_id"])}`)).body;
    expect(record).toMatchObject({
      status: "failed",
      attempts: [1, 2, 3, 4].map((number) => ({ number, http_status: 503, outcome: "refused", class: "transient" })),
    });
  });

  it("has a Retry-After in the first answer, but not in the same answer under its key", async () => {
    const { send, sandbox } = await startService({ sandbox: seeded, environment: { RETRY_SCHEDULE_MS: "0" } });
    sandbox.faults.add({ target: "graph", effect: { status: 503, headers: { "retry-after": "40" } } });
    const key = { "idempotency-key": "once" };
    const first = await send(undefined, key);
    expect(first.status).toBe(500);
    expect(first.headers["retry-after"]).toMatch(/^(3\d|40)$/);
    expect(first.body["retry_after_seconds"]).toBe(Number(first.headers["retry-after"]));
    const again = await send(undefined, key);
    expect(again).toMatchObject({ status: 500, headers: { "idempotency-replayed": "true" } });
    expect(again.headers["retry-after"]).toBeUndefined();
    expect(again.body).not.toHaveProperty("retry_after_seconds");
  });

  it("sends with the fourth attempt after three found WhatsApp unavailable", async () => {
    const { send, sandbox } = await startService({ sandbox: seeded, environment: fast });
    sandbox.faults.add({ target: "graph", trigger: { next: 3 }, effect: { status: 503 } });
    expect(await send()).toMatchObject({ status: 200, body: { status: "sent" } });
    expect(sandbox.graph.requests).toHaveLength(4);
  });

  it("does not retry a final refusal, and returns the unit", async () => {
    const { send, sandbox, close } = await startService({ sandbox: seeded, environment: fast });
    sandbox.faults.add({ target: "graph", effect: { graphError: 131026 } });
    const { status, body } = await send();
    expect(status).toBe(422);
    expect(body).toMatchObject({
      type: "/problems/message-rejected",
      message_status: "failed",
      attempts: 1,
      whatsapp_error: { code: 131026, details: expect.any(String), fbtrace_id: expect.any(String) },
    });
    expect(sandbox.graph.requests).toHaveLength(1);
    await close();
    expect(sandbox.tenant.quotaOf(tenant)).toMatchObject({ used: 0 });
  });

  it("looks up refused credentials again, and retries once with the new ones", async () => {
    const { send, sandbox } = await startService({ sandbox: seeded, environment: fast });
    expect((await send()).status).toBe(200);
    sandbox.tenant.setCredentials(tenant, outlet, { waba_access_token: "EAAnewToken" });
    expect((await send()).status).toBe(200);
    expect(sandbox.graph.requests.map(({ accessToken }) => accessToken)).toEqual([
      "EAAoldToken",
      "EAAoldToken",
      "EAAnewToken",
    ]);
  });

  it("answers 502 if there are no other credentials, and remembers that for a while", async () => {
    const { send, sandbox, close } = await startService({ sandbox: seeded, environment: fast });
    sandbox.graph.revokeToken("EAAoldToken");
    expect(await send()).toMatchObject({ status: 502, body: { type: "/problems/credentials-rejected", attempts: 1 } });
    const credentialLookups = () => sandbox.tenant.requests.filter(({ outletId }) => outletId !== undefined).length;
    const asked = credentialLookups();
    const again = await send();
    expect(again).toMatchObject({ status: 502, body: { type: "/problems/credentials-rejected" } });
    expect(again.body["message_id"]).toBeUndefined();
    expect(sandbox.graph.requests).toHaveLength(1);
    expect(credentialLookups()).toBe(asked);
    await close();
    expect(sandbox.tenant.quotaOf(tenant)).toMatchObject({ used: 0 });
  });

  it("retries when the number's throughput limit is reached", async () => {
    const { send, sandbox } = await startService({ sandbox: seeded, environment: fast });
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 130429 } });
    const { status, body } = await send();
    expect(status).toBe(200);
    expect(body["possible_duplicate"]).toBeUndefined();
    expect(sandbox.graph.requests).toHaveLength(2);
  });

  it("marks a success after an error that may follow a processed request as a possible duplicate", async () => {
    const { send, sandbox } = await startService({ sandbox: seeded, environment: fast });
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 131016 } });
    expect(await send()).toMatchObject({ status: 200, body: { possible_duplicate: true } });
  });

  it("answers 429 when WhatsApp throttles beyond the call's deadline, and frees the key", async () => {
    const { send, sandbox } = await startService({ sandbox: seeded, environment: fast });
    sandbox.faults.add({
      target: "graph",
      trigger: { next: 1 },
      effect: { graphError: 130429, retryAfterSeconds: 120 },
    });
    const key = { "idempotency-key": "throttled-once" };
    const throttled = await send(undefined, key);
    expect(throttled).toMatchObject({ status: 429, body: { type: "/problems/rate-limited" } });
    expect(Number(throttled.headers["retry-after"])).toBeGreaterThan(100);
    expect((await send(undefined, key)).status).toBe(200);
  });

  it("retries a refused connection, and returns the unit if all are refused", async () => {
    const { send, sandbox, close } = await startService({ sandbox: seeded, environment: fast });
    await sandbox.graph.stop();
    const { status, body } = await send();
    expect(status).toBe(500);
    expect(body).toMatchObject({ type: "/problems/delivery-failed", message_status: "failed", attempts: 4 });
    await close();
    expect(sandbox.tenant.quotaOf(tenant)).toMatchObject({ used: 0 });
  });

  it("ends an attempt at its timeout when WhatsApp hangs, with an unknown outcome", async () => {
    const environment = { ...fast, ATTEMPT_TIMEOUT_MS: "150" };
    const { send, get, sandbox, close } = await startService({ sandbox: seeded, environment });
    sandbox.faults.add({ target: "graph", effect: { hang: true } });
    const startedAt = performance.now();
    const { status, body } = await send();
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    expect(status).toBe(500);
    expect(body).toMatchObject({ type: "/problems/delivery-failed", message_status: "unknown", attempts: 4 });
    const record = (await get(`/api/v1/messages/${String(body["message_id"])}`)).body;
    expect(record).toMatchObject({ status: "unknown", possible_duplicate: true });
    expect(record["attempts"]).toMatchObject(Array.from({ length: 4 }, () => ({ outcome: "ambiguous" })));
    await close();
    expect(sandbox.tenant.quotaOf(tenant)).toMatchObject({ used: 1 });
  });

  it("holds if the caller chose that: no retry after a lost answer", async () => {
    const { send, sandbox } = await startService({ sandbox: seeded, environment: fast });
    sandbox.faults.add({ target: "graph", effect: { acceptThenLose: "reset" } });
    const answer = await send({ ...order, on_ambiguous: "hold" });
    expect(answer).toMatchObject({
      status: 504,
      body: { type: "/problems/outcome-unknown", message_status: "unknown" },
    });
    expect(sandbox.graph.messages).toHaveLength(1);
  });

  it("never retries after a success, however malformed the answer is", async () => {
    for (const effect of [{ truncate: true }, { html: true }] as const) {
      const { send, sandbox } = await startService({ sandbox: seeded, environment: fast });
      sandbox.faults.add({ target: "graph", effect });
      expect(await send()).toMatchObject({ status: 504, body: { message_status: "unknown", attempts: 1 } });
      expect(sandbox.graph.requests).toHaveLength(1);
    }
  });

  it("does not wait for a retry beyond the caller's deadline", async () => {
    const environment = { RETRY_SCHEDULE_MS: "0,20,3600000" };
    const { send, sandbox } = await startService({ sandbox: seeded, environment });
    sandbox.faults.add({ target: "graph", effect: { status: 503 } });
    const { status, headers, body } = await send(undefined, { prefer: "wait=50" });
    expect(status).toBe(500);
    expect(body["attempts"]).toBe(2);
    expect(headers["preference-applied"]).toBe("wait=50");
  });
});

describe("Retry-After", () => {
  it.each([429, 502, 503])("is respected with HTTP %i", async (status) => {
    const { send, sandbox } = await startService({ sandbox: seeded, environment: { RETRY_SCHEDULE_MS: "0,20" } });
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { status, headers: { "retry-after": "1" } } });
    expect((await send()).status).toBe(200);
    const [first, second] = sandbox.graph.requests;
    expect(Number(second?.at) - Number(first?.endedAt)).toBeGreaterThanOrEqual(1000);
  });
});
