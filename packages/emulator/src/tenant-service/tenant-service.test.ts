import { describe, expect, test } from "vitest";

import type { ServicesOptions } from "../sandbox/sandbox-options.ts";
import { createServices } from "../sandbox/services.ts";

const tenantId = "4a3c1f52-7f3e-4a53-9f0e-0f6f1b1f3a11";

/** The fields of the answers that the tests read. */
interface Content {
  limit: number;
  granted: number;
  reservation_id: string;
  expires_at: string;
}

function tenantServiceOf(options: ServicesOptions = {}) {
  const services = createServices(options);
  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await services.tenant.app.request(`/api/v1/tenants/${path}`, init, {});
    const content = await response.text();
    return { status: response.status, body: (content === "" ? undefined : JSON.parse(content)) as Content };
  }
  const reserve = (amount: number, key: string, id = tenantId) =>
    call("POST", `${id}/quota/reservations`, { amount, ttl_seconds: 60 }, { "idempotency-key": key });
  const settle = (reservation: string, used: unknown, id = tenantId) =>
    call("POST", `${id}/quota/reservations/${reservation}/settle`, { used });
  const quotaOf = () => services.tenants().quota(tenantId)?.state();
  return { ...services, call, reserve, settle, quotaOf };
}

describe("credentials", () => {
  test("every outlet has its own, the same in every sandbox", async () => {
    const { call } = tenantServiceOf();
    const one = await call("GET", `${tenantId}/outlets/one/waba`);
    expect(one).toEqual({
      status: 200,
      body: {
        waba_access_token: expect.stringMatching(/^EAAsandbox[0-9a-f]{32}$/),
        phone_number_id: expect.stringMatching(/^\d{15}$/),
        waba_id: expect.stringMatching(/^\d{15}$/),
      },
    });
    expect(await tenantServiceOf().call("GET", `${tenantId}/outlets/one/waba`)).toEqual(one);
    expect((await call("GET", `${tenantId}/outlets/two/waba`)).body).not.toEqual(one.body);
  });

  test("once a tenant is seeded, all others and their outlets are unknown", async () => {
    const seeded = { waba_access_token: "EAAone", phone_number_id: "1" };
    const { call } = tenantServiceOf({ tenants: { known: { outlets: { one: seeded } }, open: {} } });
    expect(await call("GET", "known/outlets/one/waba")).toEqual({ status: 200, body: seeded });
    expect((await call("GET", "known/outlets/two/waba")).status).toBe(404);
    expect((await call("GET", "other/outlets/one/waba")).status).toBe(404);
    expect((await call("GET", "open/outlets/anything/waba")).status).toBe(200);
  });

  test("can be rotated, in part or in whole, until the reset", async () => {
    const { call, tenants, reset } = tenantServiceOf();
    const path = `${tenantId}/outlets/one/waba`;
    const before = (await call("GET", path)).body;
    tenants().setCredentials(tenantId, "one", { waba_access_token: "EAAnext" });
    expect((await call("GET", path)).body).toEqual({ ...before, waba_access_token: "EAAnext" });
    reset();
    expect((await call("GET", path)).body).toEqual(before);
  });
});

describe("quota", () => {
  test("starts at the default limit with nothing used", async () => {
    const { call } = tenantServiceOf();
    expect(await call("GET", `${tenantId}/quota`)).toEqual({
      status: 200,
      body: { limit: 1_000_000, used: 0, remaining: 1_000_000, resets_at: expect.stringMatching(/T00:00:00.000Z$/) },
    });
    expect((await tenantServiceOf({ defaultQuota: 5 }).call("GET", `${tenantId}/quota`)).body.limit).toBe(5);
  });

  test("is the seeded one; all other tenants are unknown", async () => {
    const resetsAt = new Date("2030-01-01T10:00:00Z");
    const { call } = tenantServiceOf({ tenants: { known: { quota: { limit: 7, resetsAt } } } });
    expect((await call("GET", "known/quota")).body).toMatchObject({ limit: 7, resets_at: resetsAt.toISOString() });
    expect((await call("GET", "other/quota")).status).toBe(404);
  });

  test("limit and used can be set, and remaining is never negative", async () => {
    const { call, tenants } = tenantServiceOf();
    tenants().ensureQuota(tenantId).setLimit(10);
    tenants().ensureQuota(tenantId).setUsed(12);
    expect((await call("GET", `${tenantId}/quota`)).body).toMatchObject({ limit: 10, used: 12, remaining: 0 });
  });
});

describe("callbacks", () => {
  const callbacks = { status_callback_url: "https://crm.example.com/callbacks", secret: "whsec_c2VjcmV0" };

  test("are none unless they are seeded or set", async () => {
    const { call, tenants, reset } = tenantServiceOf({ tenants: { seeded: { callbacks }, other: {} } });
    expect(await call("GET", "seeded/callbacks")).toEqual({ status: 200, body: callbacks });
    expect((await call("GET", "other/callbacks")).status).toBe(404);
    expect((await call("GET", "unknown/callbacks")).status).toBe(404);
    tenants().setCallbacks("other", callbacks);
    tenants().setCallbacks("seeded", undefined);
    expect((await call("GET", "other/callbacks")).body).toEqual(callbacks);
    expect((await call("GET", "seeded/callbacks")).status).toBe(404);
    reset();
    expect((await call("GET", "seeded/callbacks")).status).toBe(200);
  });
});

describe("reserve quota", () => {
  test("grants the requested amount while there is enough, then the rest, then nothing", async () => {
    const { reserve } = tenantServiceOf({ defaultQuota: 150 });
    const granted = [];
    for (const key of ["a", "b", "c"]) granted.push((await reserve(100, key)).body.granted);
    expect(granted).toEqual([100, 50, 0]);
  });

  test("answers with the contract's fields", async () => {
    const { reserve } = tenantServiceOf({ defaultQuota: 150 });
    const before = Date.now();
    const { status, body } = await reserve(100, "a");
    const after = Date.now();
    expect(status).toBe(201);
    expect(body).toEqual({
      reservation_id: expect.any(String),
      granted: 100,
      remaining: 50,
      expires_at: expect.any(String),
      resets_at: expect.any(String),
    });
    expect(Date.parse(body.expires_at)).toBeGreaterThanOrEqual(before + 60_000);
    expect(Date.parse(body.expires_at)).toBeLessThanOrEqual(after + 60_000);
  });

  test("the same Idempotency-Key gets the same answer and reserves nothing more; keys are per tenant", async () => {
    const { reserve, quotaOf } = tenantServiceOf({ defaultQuota: 150 });
    const first = await reserve(100, "a");
    expect(await reserve(100, "a")).toEqual(first);
    expect(quotaOf()?.used).toBe(100);
    expect((await reserve(100, "a", "another")).body.reservation_id).not.toBe(first.body.reservation_id);
  });

  test("concurrent reservations never exceed the limit", async () => {
    const { reserve, quotaOf } = tenantServiceOf({ defaultQuota: 1_000 });
    const all = await Promise.all(Array.from({ length: 50 }, (_, n) => reserve(37, `key-${n}`)));
    expect(all.reduce((sum, { body }) => sum + body.granted, 0)).toBe(1_000);
    expect(quotaOf()).toEqual({ limit: 1_000, used: 1_000, remaining: 0 });
  });

  test.each([{}, { amount: 0, ttl_seconds: 60 }, { amount: 1.5, ttl_seconds: 60 }, { amount: 1, ttl_seconds: 0 }])(
    "refuses %j",
    async (body) => {
      const { call, quotaOf } = tenantServiceOf();
      const path = `${tenantId}/quota/reservations`;
      expect((await call("POST", path, body, { "idempotency-key": "a" })).status).toBe(400);
      expect(quotaOf()?.used).toBe(0);
    },
  );

  test("refuses a request without an Idempotency-Key", async () => {
    const { call } = tenantServiceOf();
    const path = `${tenantId}/quota/reservations`;
    expect((await call("POST", path, { amount: 1, ttl_seconds: 60 })).status).toBe(400);
  });

  test("is answered with 404 by a service without reservations, which still answers quota", async () => {
    const { call, reserve, settle, quotaOf } = tenantServiceOf({ reservations: false });
    expect((await reserve(1, "a")).status).toBe(404);
    expect((await settle("reservation-1", 1)).status).toBe(404);
    expect((await call("GET", `${tenantId}/quota`)).status).toBe(200);
    expect(quotaOf()?.used).toBe(0);
  });
});

describe("settle quota", () => {
  test("returns what was not used; may be repeated, and the last number counts", async () => {
    const { reserve, settle, quotaOf } = tenantServiceOf({ defaultQuota: 100 });
    const { reservation_id: id } = (await reserve(100, "a")).body;
    for (const used of [73, 73, 80, 10]) {
      expect(await settle(id, used)).toEqual({ status: 204, body: undefined });
      expect(quotaOf()).toMatchObject({ used, remaining: 100 - used });
    }
  });

  test("an expired reservation counts in full until it is settled", async () => {
    const { call, settle, quotaOf } = tenantServiceOf({ defaultQuota: 100 });
    const path = `${tenantId}/quota/reservations`;
    const body = { amount: 60, ttl_seconds: 0.001 };
    const { reservation_id: id, expires_at } = (await call("POST", path, body, { "idempotency-key": "a" })).body;
    await expect.poll(() => Date.now()).toBeGreaterThan(Date.parse(expires_at));
    expect(quotaOf()).toMatchObject({ used: 60, remaining: 40 });
    expect((await settle(id, 5)).status).toBe(204);
    expect(quotaOf()).toMatchObject({ used: 5, remaining: 95 });
  });

  test("accepts more than was granted", async () => {
    const { reserve, settle, quotaOf } = tenantServiceOf({ defaultQuota: 10 });
    const { reservation_id: id } = (await reserve(10, "a")).body;
    expect((await settle(id, 11)).status).toBe(204);
    expect(quotaOf()).toMatchObject({ used: 11, remaining: 0 });
  });

  test("refuses invalid amounts and unknown reservations", async () => {
    const { reserve, settle, quotaOf } = tenantServiceOf({ defaultQuota: 100 });
    const { reservation_id: id } = (await reserve(10, "a")).body;
    expect((await settle(id, -1)).status).toBe(400);
    expect((await settle(id, "all")).status).toBe(400);
    expect((await settle("reservation-99", 1)).status).toBe(404);
    expect((await settle(id, 1, "another-tenant")).status).toBe(404);
    expect(quotaOf()?.used).toBe(10);
  });
});

test("requires the service token when there is one", async () => {
  const { call } = tenantServiceOf({ serviceToken: "s3cret" });
  const path = `${tenantId}/quota`;
  expect((await call("GET", path)).status).toBe(401);
  expect((await call("GET", path, undefined, { authorization: "Bearer other" })).status).toBe(401);
  expect((await call("GET", path, undefined, { authorization: "Bearer s3cret" })).status).toBe(200);
});

test("records each request", async () => {
  const { call, reserve, tenant } = tenantServiceOf();
  await call("GET", `${tenantId}/outlets/one/waba`);
  await reserve(5, "key-1");
  expect(tenant.log.entries()).toMatchObject([
    { method: "GET", tenantId, outletId: "one", status: 200 },
    { method: "POST", tenantId, idempotencyKey: "key-1", status: 201, body: { amount: 5, ttl_seconds: 60 } },
  ]);
});
