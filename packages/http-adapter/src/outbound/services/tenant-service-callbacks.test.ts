import type { Unavailable } from "@message-sender/core";
import { createManualClock } from "@message-sender/core/in-memory";
import { err, ok, ResultAsync } from "neverthrow";
import { expect, it } from "vitest";

import type { ServiceAnswer, ServiceCall } from "./service-client.ts";
import { createTenantServiceCallbacks } from "./tenant-service-callbacks.ts";

const secret = `whsec_${Buffer.from("0123456789abcdef01234567").toString("base64")}`;
const receiver = { status_callback_url: "https://crm.example.com/hooks?a=b", secret };
const down: Unavailable = { kind: "Unavailable", reason: "connection refused" };

function callbacksOf(answer: () => Partial<ServiceAnswer> | Unavailable) {
  const clock = createManualClock();
  const calls: ServiceCall[] = [];
  const client = {
    call(call: ServiceCall) {
      calls.push(call);
      const said = answer();
      const result = "kind" in said ? err(said) : ok<ServiceAnswer>({ status: 200, body: undefined, ...said });
      return new ResultAsync<ServiceAnswer, Unavailable>(Promise.resolve(result));
    },
    close: async () => {},
  };
  return { clock, calls, callbacks: createTenantServiceCallbacks(client, { clock }) };
}

it("a receiver is looked up once for all who ask, and remembered for five minutes", async () => {
  const { clock, calls, callbacks } = callbacksOf(() => ({ body: receiver }));
  expect(callbacks.known("t/1")).toBeUndefined();
  const found = await Promise.all([1, 2, 3].map(() => callbacks.lookup("t/1")));
  for (const each of found) {
    const value = each._unsafeUnwrap();
    expect(value).toMatchObject({ url: receiver.status_callback_url });
    expect(value === "none" ? "" : value.secret.reveal()).toBe(secret);
  }
  expect(calls).toMatchObject([{ method: "GET", path: "/api/v1/tenants/t%2F1/callbacks", isSecret: true }]);
  await clock.advance(299_999);
  expect(callbacks.known("t/1")).toMatchObject({ url: receiver.status_callback_url });
  await clock.advance(1);
  expect(callbacks.known("t/1")).toBeUndefined();
  (await callbacks.lookup("t/1"))._unsafeUnwrap();
  expect(calls).toHaveLength(2);
});

it.each<[string, Partial<ServiceAnswer>]>([
  ["404", { status: 404 }],
  ["405", { status: 405 }],
  ["501", { status: 501 }],
  ["no URL", { body: {} }],
  ["null", { body: { status_callback_url: null, secret: null } }],
])("none is remembered too: %s", async (_, answer) => {
  const { calls, callbacks } = callbacksOf(() => answer);
  for (const __ of [1, 2]) expect((await callbacks.lookup("t"))._unsafeUnwrap()).toBe("none");
  expect(callbacks.known("t")).toBe("none");
  expect(calls).toHaveLength(1);
});

it.each<[string, Partial<ServiceAnswer>]>([
  ["500", { status: 500 }],
  ["HTML", { body: undefined }],
  ["no secret", { body: { status_callback_url: receiver.status_callback_url } }],
  ["a short secret", { body: { ...receiver, secret: "c2hvcnQ=" } }],
  ["another scheme", { body: { ...receiver, status_callback_url: "file:///etc/passwd" } }],
  ["credentials in the URL", { body: { ...receiver, status_callback_url: "https://a:b@crm.example.com/" } }],
])("an answer that is no receiver is unavailable, for five seconds: %s", async (_, answer) => {
  const { clock, calls, callbacks } = callbacksOf(() => answer);
  for (const __ of [1, 2]) {
    const error = (await callbacks.lookup("t"))._unsafeUnwrapErr();
    expect(error.reason).toMatch(/^Tenant Service: /);
    expect(JSON.stringify(error)).not.toMatch(/c2hvcnQ|passwd|a:b@/);
  }
  expect(callbacks.known("t")).toBeUndefined();
  expect(calls).toHaveLength(1);
  await clock.advance(5000);
  (await callbacks.lookup("t"))._unsafeUnwrapErr();
  expect(calls).toHaveLength(2);
});

it("while the service is down, what it said last is used", async () => {
  let isDown = false;
  const { clock, calls, callbacks } = callbacksOf(() => (isDown ? down : { body: receiver }));
  (await callbacks.lookup("t"))._unsafeUnwrap();
  isDown = true;
  await clock.advance(300_000);
  for (const _ of [1, 2])
    expect((await callbacks.lookup("t"))._unsafeUnwrap()).toMatchObject({ url: expect.any(String) });
  expect(calls).toHaveLength(2);
  // A `none` that is out of date might have changed: events are stored, and it is decided when they are delivered.
  expect(callbacks.known("t")).toBeUndefined();
});

it("a receiver that rejected an event is looked up again, but not for each event", async () => {
  const { clock, calls, callbacks } = callbacksOf(() => ({ body: receiver }));
  const reject = async () => {
    callbacks.doubt("t");
    (await callbacks.lookup("t"))._unsafeUnwrap();
  };
  await reject();
  await clock.advance(29_999);
  await reject();
  expect(calls).toHaveLength(1);
  await clock.advance(1);
  await reject();
  await reject();
  expect(calls).toHaveLength(2);
});

it("remembers 10,000 tenants", async () => {
  const { callbacks } = callbacksOf(() => ({ status: 404 }));
  for (let index = 0; index <= 10_000; index += 1) (await callbacks.lookup(`t-${index}`))._unsafeUnwrap();
  expect([callbacks.known("t-0"), callbacks.known("t-1"), callbacks.known("t-10000")]).toEqual([
    undefined,
    "none",
    "none",
  ]);
});
