import type { ServerResponse } from "node:http";
import { inspect } from "node:util";

import { Secret } from "@message-sender/core";
import type { Clock } from "@message-sender/core/adapter";
import { expect, onTestFinished, test } from "vitest";

import { type ReceivedRequest, sendJson, startHttpServer } from "../../../test/loopback.ts";
import { generousMs, holdManualLimit, manualLimitMs, reachManualLimit } from "../../../test/manual-limit.ts";
import { createServiceClient } from "./service-client.ts";
import { createTenantServiceCredentials, createTenantServiceQuota } from "./tenant-service.ts";

type Answer = (request: ReceivedRequest, response: ServerResponse) => unknown;

let now = new Date("2026-11-23T10:00:00Z");
const clock: Clock = {
  now: () => now,
  monotonicMs: () => now.getTime(),
  sleep: () => new Promise<void>(() => {}),
};
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 23, 10, 0, seconds));

async function serviceThat(answer: Answer, timeoutMs = generousMs) {
  now = at(0);
  const server = await startHttpServer((request, response) => {
    response.setHeader("date", now.toUTCString());
    return answer(request, response);
  });
  const client = createServiceClient({ url: server.url, timeoutMs, clock });
  onTestFinished(() => client.close());
  return { server, client };
}

async function credentialsOf(answer: Answer, timeoutMs?: number) {
  const { server, client } = await serviceThat(answer, timeoutMs);
  return { server, credentials: createTenantServiceCredentials(client) };
}

async function quotaOf(answer: Answer, timeoutMs?: number) {
  const { server, client } = await serviceThat(answer, timeoutMs);
  return { server, quota: createTenantServiceQuota(client, { clock }) };
}

const outlet = { tenantId: "t~1", outletId: "o-1" };
const waba = { waba_access_token: "EAAtoken", phone_number_id: "1065", waba_id: "77" };

test("credentials are looked up afresh each time", async () => {
  const { server, credentials } = await credentialsOf((_, response) => sendJson(response, 200, { ...waba, more: 1 }));
  for (let count = 0; count < 2; count += 1) {
    const credential = (await credentials.lookup(outlet))._unsafeUnwrap();
    expect(credential.phoneNumberId).toBe("1065");
    expect(credential.accessToken.reveal()).toBe("EAAtoken");
  }
  expect(server.requests.map(({ url }) => url)).toEqual(Array(2).fill("/api/v1/tenants/t~1/outlets/o-1/waba"));
});

test.each([
  ["77", "77"],
  [undefined, undefined],
  [null, undefined],
  [77, undefined],
  ["", undefined],
  ["7/7", undefined],
])("the account's id is used if it is valid: %j", async (waba_id, wabaId) => {
  const { credentials } = await credentialsOf((_, response) => sendJson(response, 200, { ...waba, waba_id }));
  expect((await credentials.lookup(outlet))._unsafeUnwrap().wabaId).toBe(wabaId);
});

test("a refused credential is never returned again, but another one is", async () => {
  const { credentials } = await credentialsOf((_, response) => sendJson(response, 200, waba));
  const same = { accessToken: new Secret("EAAtoken"), phoneNumberId: "1065" };
  expect((await credentials.lookup(outlet, same))._unsafeUnwrapErr()).toEqual({ kind: "NoOtherCredential" });
  expect((await credentials.lookup(outlet, { ...same, accessToken: new Secret("EAAold") })).isOk()).toBe(true);
});

test("a missing outlet is unknown", async () => {
  const { credentials } = await credentialsOf((_, response) => sendJson(response, 404, {}));
  expect((await credentials.lookup(outlet))._unsafeUnwrapErr()).toEqual({ kind: "OutletUnknown" });
});

test.each<[string, Answer, string]>([
  ["HTML", (_, response) => response.end("<html>s3cr3t"), "not JSON"],
  ["null", (_, response) => sendJson(response, 200, null), "not the JSON expected"],
  ["no token", (_, response) => sendJson(response, 200, { phone_number_id: "s3cr3t" }), "waba_access_token"],
  [
    "a token with CR LF",
    (_, response) => sendJson(response, 200, { ...waba, waba_access_token: "s3cr3t\r\nx: y" }),
    "waba_access_token",
  ],
  [
    "a token of 5,000 characters",
    (_, response) => sendJson(response, 200, { ...waba, waba_access_token: "s3cr3t".repeat(900) }),
    "waba_access_token",
  ],
  ["an empty token", (_, response) => sendJson(response, 200, { ...waba, waba_access_token: "" }), "waba_access_token"],
  [
    "a path for an id",
    (_, response) => sendJson(response, 200, { ...waba, phone_number_id: "../../me?x=s3cr3t" }),
    "phone_number_id",
  ],
  [
    "a number for an id",
    (_, response) => sendJson(response, 200, { ...waba, phone_number_id: 1065 }),
    "phone_number_id",
  ],
  ["2 MB", (_, response) => response.end(Buffer.alloc(2 ** 21, "s3cr3t")), "response too large"],
  ["nothing, slowly", () => {}, "timed out after 150 ms"],
  ["500", (_, response) => sendJson(response, 500, { waba }), "answered HTTP 500"],
  ["401", (_, response) => sendJson(response, 401, {}), "answered HTTP 401"],
  ["a redirect", (_, response) => response.writeHead(302, { location: "/x" }).end(), "answered HTTP 302"],
])("an answer of %s is Unavailable, naming the invalid field but not its value", async (_, answer, reason) => {
  const { credentials } = await credentialsOf(answer, reason.startsWith("timed out") ? 150 : undefined);
  const error = (await credentials.lookup(outlet))._unsafeUnwrapErr();
  expect(error).toMatchObject({ kind: "Unavailable", reason: expect.stringMatching(/^Tenant Service: /) });
  expect(error).toMatchObject({ reason: expect.stringContaining(reason) });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("s3cr3t");
});

test("Retry-After is passed on", async () => {
  const { credentials } = await credentialsOf((_, response) => sendJson(response, 503, {}, { "retry-after": "5" }));
  expect((await credentials.lookup(outlet))._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable", retryAt: at(5) });
});

let requests = 0;
/** A new request on each access. */
const request = {
  get id() {
    return `request-${(requests += 1)}`;
  },
  tenantId: "t1",
  amount: 100,
  ttlMs: 60_000,
};
const reservation = { reservation_id: "r/1", granted: 100, expires_at: "2026-11-23T10:05:00Z", remaining: 900 };

test("a block is reserved and settled at the service, under the request's id", async () => {
  const { server, quota } = await quotaOf(({ url }, response) =>
    url.endsWith("/settle") ? response.writeHead(204).end() : sendJson(response, 201, reservation),
  );
  const block = (await quota.reserve({ ...request, id: "request-1" }))._unsafeUnwrap();
  expect(block).toEqual({ id: "r/1", tenantId: "t1", granted: 100, expiresAt: at(60) });
  expect((await quota.settle(block, 73)).isOk()).toBe(true);
  expect(server.requests).toMatchObject([
    {
      method: "POST",
      url: "/api/v1/tenants/t1/quota/reservations",
      body: '{"amount":100,"ttl_seconds":60}',
      headers: { "idempotency-key": "request-1" },
    },
    { method: "POST", url: "/api/v1/tenants/t1/quota/reservations/r%2F1/settle", body: '{"used":73}' },
  ]);
});

test("a block ends at the service's expiry if that is earlier", async () => {
  const { quota } = await quotaOf((_, response) =>
    sendJson(response, 201, { ...reservation, granted: 7, expires_at: "2026-11-23T11:00:20+01:00" }),
  );
  expect((await quota.reserve(request))._unsafeUnwrap()).toMatchObject({ granted: 7, expiresAt: at(20) });
});

test.each([
  ["behind ours", -30],
  ["ahead of ours", 30],
  ["an hour behind ours", -3600],
  ["two hours ahead of ours", 7200],
])("a block lasts as long on our clock as on the service's, which is %s", async (_, skewSeconds) => {
  const { quota } = await quotaOf((__, response) => {
    response.setHeader("date", at(skewSeconds).toUTCString());
    sendJson(response, 201, { ...reservation, expires_at: at(skewSeconds + 20).toISOString() });
  });
  expect((await quota.reserve(request))._unsafeUnwrap()).toMatchObject({ granted: 100, expiresAt: at(20) });
});

test("without a Date header, a block lasts for the ttl, counted from before the request", async () => {
  const { quota } = await quotaOf((_, response) => {
    response.removeHeader("date");
    response.sendDate = false;
    now = at(4);
    sendJson(response, 201, { ...reservation, expires_at: "2026-11-23T09:59:30Z" });
  });
  expect((await quota.reserve(request))._unsafeUnwrap()).toMatchObject({ granted: 100, expiresAt: at(60) });
});

test("a repeated request has the same key, and returns its block although it has expired", async () => {
  const expired = { ...reservation, expires_at: "2026-11-23T09:59:00Z" };
  const { server, quota } = await quotaOf((_, response) => sendJson(response, 201, expired));
  const repeated = { id: "again", tenantId: "t1", amount: 100, ttlMs: 60_000 };
  for (let count = 0; count < 2; count += 1) {
    const block = (await quota.reserve(repeated))._unsafeUnwrap();
    expect(block).toMatchObject({ id: "r/1", granted: 100, expiresAt: at(-60) });
  }
  const [first, second] = server.requests;
  expect(second).toMatchObject({ body: first?.body, headers: { "idempotency-key": "again" } });
  expect(server.requests).toHaveLength(2);
});

test("nothing granted is QuotaExceeded", async () => {
  const { quota } = await quotaOf((_, response) =>
    sendJson(response, 201, { ...reservation, granted: 0, resets_at: "2026-12-01T00:00:00Z" }),
  );
  expect((await quota.reserve(request))._unsafeUnwrapErr()).toEqual({
    kind: "QuotaExceeded",
    resetsAt: new Date("2026-12-01T00:00:00Z"),
  });
  const bare = await quotaOf((_, response) => sendJson(response, 201, { granted: 0 }));
  expect((await bare.quota.reserve(request))._unsafeUnwrapErr()).toEqual({ kind: "QuotaExceeded" });
});

test.each([
  ["a negative grant", { ...reservation, granted: -1 }, "granted", 0],
  ["half a grant", { ...reservation, granted: 1.5 }, "granted", 0],
  ["no id", { ...reservation, reservation_id: undefined }, "reservation_id", 0],
  ["an id with a token of Meta's", { ...reservation, reservation_id: `r-EAA${"x7".repeat(40)}` }, "reservation_id", 0],
  ["more than was asked for", { ...reservation, granted: 101 }, "granted", 1],
])("%s is Unavailable, and the granted units are returned", async (_, body, reason, settled) => {
  const { server, quota } = await quotaOf(({ url }, response) =>
    url.endsWith("/settle") ? response.writeHead(204).end() : sendJson(response, 201, body),
  );
  expect((await quota.reserve(request))._unsafeUnwrapErr()).toMatchObject({
    kind: "Unavailable",
    reason: expect.stringContaining(reason),
  });
  expect(server.requests.slice(1).map(({ body: sent }) => sent)).toEqual(Array(settled).fill('{"used":0}'));
});

test.each(["soon", 5, null, {}, undefined, "2026-02-30"])(
  "an expiry of %j counts as the time asked for",
  async (odd) => {
    const { quota } = await quotaOf((_, response) => sendJson(response, 202, { ...reservation, expires_at: odd }));
    expect((await quota.reserve(request))._unsafeUnwrap()).toMatchObject({ granted: 100, expiresAt: at(60) });
  },
);

test.each([
  "2026-11-23t10:00:20z",
  "2026-11-23 10:00:20.0000001Z",
  "2026-11-23T10:00:20-00:00",
  "2026-11-23T17:00:20+0700",
  "20261123T100020Z",
  "2026-W48-1T10:00:20Z",
])("an expiry of %s is parsed", async (spelled) => {
  const { quota } = await quotaOf((_, response) => sendJson(response, 201, { ...reservation, expires_at: spelled }));
  expect((await quota.reserve(request))._unsafeUnwrap()).toMatchObject({ granted: 100, expiresAt: at(20) });
});

test.each(["soon", 5, {}, [], true, "2026-13-01"])(
  "nothing granted is QuotaExceeded, even with the reset time %j",
  async (odd) => {
    const reserving = await quotaOf((_, response) => sendJson(response, 201, { granted: 0, resets_at: odd }));
    expect((await reserving.quota.reserve(request))._unsafeUnwrapErr()).toEqual({ kind: "QuotaExceeded" });
    const counting = await quotaOf(readOnly(405, () => ({ limit: 5, used: 5, resets_at: odd })));
    expect((await counting.quota.reserve(request))._unsafeUnwrapErr()).toEqual({ kind: "QuotaExceeded" });
  },
);

test("a reset time may be a date", async () => {
  const { quota } = await quotaOf((_, response) => sendJson(response, 201, { granted: 0, resets_at: "2026-12-01" }));
  expect((await quota.reserve(request))._unsafeUnwrapErr()).toEqual({
    kind: "QuotaExceeded",
    resetsAt: new Date("2026-12-01T00:00:00Z"),
  });
});

test("a reservation without an answer is Unavailable, without a fallback", async () => {
  holdManualLimit();
  const { server, quota } = await quotaOf(reachManualLimit, manualLimitMs);
  expect((await quota.reserve(request))._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable" });
  expect(server.requests).toHaveLength(1);
});

test.each([
  [200, true],
  [202, true],
  [204, true],
  [404, true],
  [400, false],
  [500, false],
])("a settlement answered with %i", async (status, isOk) => {
  const { quota } = await quotaOf((_, response) => response.writeHead(status).end());
  expect((await quota.settle({ id: "r1", tenantId: "t1", granted: 1, expiresAt: at(1) }, 1)).isOk()).toBe(isOk);
});

/** A Tenant Service that can only be read. */
const readOnly =
  (status: number, read: () => unknown): Answer =>
  ({ method }, response) =>
    method === "POST" ? sendJson(response, status, {}) : sendJson(response, read() ? 200 : 404, read());

const reading = (used: number, limit = 1000, resets_at = "2026-12-01T00:00:00Z") => ({
  limit,
  used,
  remaining: limit - used,
  resets_at,
});

test("without reservations, an unknown tenant is unknown, and nothing is remembered about the service", async () => {
  const { server, quota } = await quotaOf(readOnly(404, () => undefined));
  for (let count = 0; count < 2; count += 1) {
    expect((await quota.reserve(request))._unsafeUnwrapErr()).toEqual({ kind: "TenantUnknown" });
  }
  expect(server.requests.map(({ method }) => method)).toEqual(["POST", "GET", "POST", "GET"]);
});

test.each([404, 405, 501])(
  "without reservations (%i) the reading grants, remembered for five minutes",
  async (status) => {
    const { server, quota } = await quotaOf(readOnly(status, () => reading(990)));
    const methods = () => server.requests.splice(0).map(({ method }) => method);
    expect((await quota.reserve({ ...request, amount: 4 }))._unsafeUnwrap()).toMatchObject({
      granted: 4,
      expiresAt: at(60),
    });
    expect(methods()).toEqual(["POST", "GET"]);
    now = at(299);
    expect((await quota.reserve(request))._unsafeUnwrap()).toMatchObject({ granted: 6 });
    expect((await quota.reserve(request))._unsafeUnwrapErr()).toEqual({
      kind: "QuotaExceeded",
      resetsAt: new Date("2026-12-01T00:00:00Z"),
    });
    expect(methods()).toEqual(["GET", "GET"]);
    now = at(300);
    expect((await quota.reserve(request)).isErr()).toBe(true);
    expect(methods()).toEqual(["POST", "GET"]);
  },
);

test("an empty quota is also proof that the service has no reservations", async () => {
  const { server, quota } = await quotaOf(readOnly(404, () => reading(5, 5)));
  for (let count = 0; count < 2; count += 1) {
    expect((await quota.reserve(request))._unsafeUnwrapErr()).toMatchObject({ kind: "QuotaExceeded" });
  }
  expect(server.requests.map(({ method }) => method)).toEqual(["POST", "GET", "GET"]);
});

test("without reservations, 50 concurrent sends do not overshoot", async () => {
  const { quota } = await quotaOf(readOnly(405, () => reading(0, 5)));
  const results = await Promise.all(Array.from({ length: 50 }, () => quota.reserve({ ...request, amount: 1 })));
  expect(results.filter((result) => result.isOk())).toHaveLength(5);
  expect(results.every((result) => result.isOk() || result.error.kind === "QuotaExceeded")).toBe(true);
});

test("without reservations, returned units can be granted again, without a call", async () => {
  const { server, quota } = await quotaOf(readOnly(405, () => reading(0, 10)));
  const block = (await quota.reserve({ ...request, amount: 10 }))._unsafeUnwrap();
  expect((await quota.reserve(request)).isErr()).toBe(true);
  const calls = server.requests.length;
  expect((await quota.settle(block, 2)).isOk()).toBe(true);
  expect((await quota.settle(block, 4)).isOk()).toBe(true);
  expect(server.requests).toHaveLength(calls);
  expect((await quota.reserve(request))._unsafeUnwrap()).toMatchObject({ granted: 6 });
});

test("without reservations, a malformed reading is Unavailable", async () => {
  const { quota } = await quotaOf(readOnly(405, () => ({ limit: "s3cr3t", used: 0 })));
  const error = (await quota.reserve(request))._unsafeUnwrapErr();
  expect(error).toMatchObject({ kind: "Unavailable", reason: expect.stringContaining("limit") });
  expect(inspect(error)).not.toContain("s3cr3t");
});
