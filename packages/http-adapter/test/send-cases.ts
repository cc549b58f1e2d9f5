import type { Outcome } from "@message-sender/core/adapter";
import { exampleOutcomes } from "@message-sender/core/contracts";
import { errAsync, okAsync } from "neverthrow";

import { authorizationCheck } from "../src/inbound/access/authorization-check.ts";
import { order } from "./app.ts";
import { rawRequest, usualHeaders } from "./raw-request.ts";
import { direct, type RequestCase, viaApp } from "./ways.ts";

function post(
  body: string | Buffer | object,
  {
    line = "POST /api/v1/messages/send",
    headers,
  }: { readonly line?: string; readonly headers?: readonly string[] } = {},
): Buffer {
  return rawRequest(line, body, headers);
}

const withHeaders = (...headers: readonly string[]) => post(order, { headers });
const changed = (change: object) => post({ ...order, ...change });

/** What WhatsApp makes of an order. */
function ending(outcome: Outcome, ...headers: readonly string[]): RequestCase {
  return {
    ...direct(withHeaders(...headers), withHeaders(...headers)),
    prepare: ({ ports }) => ports.transport.answerWith(outcome),
  };
}

const keyed = "Idempotency-Key: order-1";
const { Refused, Throttled, CredentialRefused, NotSent, Ambiguous } = exampleOutcomes;

const grants: Readonly<Record<string, ReturnType<Parameters<typeof authorizationCheck>[0]>>> = {
  "Bearer all": { tenants: "all", scopes: ["send"], caller: "key_1", headers: { ratelimit: '"default";r=9;t=1' } },
  "Bearer other": { tenants: ["another"], scopes: ["send"], caller: "key_2" },
  "Bearer own": { tenants: [order.tenant_id], scopes: ["send"] },
  "Bearer read": { tenants: "all", scopes: ["read"], caller: "key_3", headers: { ratelimit: "x" } },
  "Bearer fast": { refused: "too-many-requests", retryAfterSeconds: 7, caller: "key_4", headers: { ratelimit: "y" } },
  "Bearer msk_x": { refused: "unauthenticated", detail: "It is not valid.", callerHint: "abcd" },
};
const access = authorizationCheck((authorization) => grants[authorization ?? ""] ?? { refused: "unauthenticated" });
const asCaller = (key: string, body: string | object = order): RequestCase => ({
  ...direct(post(body, { headers: [`Authorization: ${key}`] })),
  options: { access },
});

const overloaded = (level: number, ...requests: readonly Buffer[]): RequestCase => ({
  ...direct(...requests),
  options: { overload: { level } },
});

const unavailable = { kind: "Unavailable", reason: "the disk is full" } as const;

export const sendCases: Readonly<Record<string, RequestCase>> = {
  // Overload
  "a little overload": overloaded(1, changed({}), withHeaders("Prefer: respond-async")),
  "too much overload": overloaded(2, changed({}), withHeaders("Prefer: respond-async"), post("no JSON")),
  // Bodies
  "a text": direct(changed({})),
  "texts on one connection": direct(changed({}), changed({ message: "Two" }), changed({ message: "Three" })),
  "texts in one packet": direct(Buffer.concat([changed({}), changed({ message: "Two" })]), ""),
  "a reference": direct(changed({ reference: "order-4711" })),
  "letters of every script": direct(changed({ message: "Привет, שלום, 你好, é, 👍\r\n" })),
  "every optional field": direct(changed({ reply_to: "wamid.x", reference: null, on_ambiguous: "hold", via: "cloud" })),
  "Meta's text": direct(changed({ message: { body: "https://example.com", preview_url: true } })),
  "an image": direct(changed({ message_type: "image", message: { link: "https://example.com/a.png" } })),
  "a user id": direct(changed({ to: "US.13491208655302741918" })),
  "no fields": direct(changed(Object.fromEntries(Object.keys(order).map((name) => [name, undefined])))),
  "an unknown field and a bad one": direct(changed({ colour: "blue", to: "12" })),
  "a blank text": direct(changed({ message: " " })),
  "a time to live": direct(changed({ ttl_seconds: 5 }), changed({ ttl_seconds: 0 })),
  "a duplicate key": direct(post(JSON.stringify(order).replace("{", '{"to":"+628123456780",'))),
  "an inexact number": direct(post(JSON.stringify(order).replace("}", ',"a":90071992547409931}'))),
  "a key with a backslash": direct(changed({ "a\\": 1 })),
  "a __proto__": direct(post(JSON.stringify(order).replace("{", '{"__proto__":1,'))),
  "deep nesting": direct(post(`${"[".repeat(50)}${"]".repeat(50)}`)),
  "5,000 keys": direct(changed(Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`k${at}`, 1])))),
  "half of an object": direct(post('{"to":')),
  "a string": direct(post('"text"')),
  null: direct(post("null")),
  "a byte order mark": direct(post(`\uFEFF${JSON.stringify(order)}`)),
  "invalid UTF-8": direct(post(Buffer.from([0x22, 0xff, 0xfe, 0x22]))),
  "one byte": direct(post("5")),
  "20 KiB": direct(post(JSON.stringify(order).padEnd(20 * 1024))),
  // It arrives in two pieces.
  "64 KiB": { ...viaApp(post(JSON.stringify(order).padEnd(64 * 1024))), by: "any" },
  "64 KiB and a byte": viaApp(post(JSON.stringify(order).padEnd(64 * 1024 + 1))),
  "no body": viaApp(post("")),
  "a chunked body": viaApp(
    post(`a\r\n${JSON.stringify(order).slice(0, 10)}\r\n0\r\n\r\n`, { headers: ["Transfer-Encoding: chunked"] }),
  ),

  // Headers
  "ids of the caller": direct(
    withHeaders(
      "X-Request-Id: request-1",
      "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
      "tracestate: a=b",
    ),
  ),
  "malformed ids of the caller": direct(withHeaders("X-Request-Id: a b", "traceparent: 00-0-0-0")),
  "a traceparent of a later version": direct(
    withHeaders("traceparent: 01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03-more"),
  ),
  "headers that mean nothing here": direct(
    withHeaders("User-Agent: crm/1", "Accept: */*", "Cookie: a=b", "Via: 1.1 x"),
  ),
  "an address by a proxy": {
    ...direct(withHeaders("X-Forwarded-For: 198.51.100.1, 203.0.113.9")),
    options: { trustedProxies: ["127.0.0.0/8"] },
  },
  "an address by nobody's proxy": direct(withHeaders("X-Forwarded-For: 198.51.100.1")),
  "preferences that do not exist": direct(withHeaders("Prefer: handling=lenient, wait=5")),
  "a wait that is no number": direct(withHeaders("Prefer: wait=soon")),
  "an asynchronous send": direct(withHeaders("Prefer: respond-async"), withHeaders("Prefer: wait=9, respond-async")),
  "an asynchronous send, again": direct(
    withHeaders("Prefer: respond-async", keyed),
    withHeaders("Prefer: respond-async", keyed),
    withHeaders(keyed),
  ),
  "an asynchronous send of a sent message": direct(withHeaders(keyed), withHeaders("Prefer: respond-async", keyed)),
  "an empty Idempotency-Key": direct(withHeaders("Idempotency-Key:")),
  "an Idempotency-Key with a space": direct(withHeaders("Idempotency-Key: a b")),
  "two Idempotency-Keys": viaApp(withHeaders(keyed, "Idempotency-Key: order-2")),
  "two Prefer headers": viaApp(withHeaders("Prefer: wait=5", "Prefer: wait=6")),
  "a charset": direct(post(order, { headers: ["Host: localhost", 'Content-Type: Application/JSON; charset="UTF-8"'] })),
  "another charset": viaApp(
    post(order, { headers: ["Host: localhost", "Content-Type: application/json; charset=utf-16"] }),
  ),
  "another media type": viaApp(post(order, { headers: ["Host: localhost", "Content-Type: text/plain"] })),
  "no media type": viaApp(post(order, { headers: ["Host: localhost"] })),
  "a content encoding": viaApp(withHeaders("Content-Encoding: gzip")),
  "no content encoding, in a word": direct(withHeaders("Content-Encoding: identity")),
  "a wish to go on": direct(withHeaders("Expect: 100-continue")),
  "a wish that cannot be met": viaApp(withHeaders("Expect: something")),
  "a wish to close": direct(withHeaders("Connection: close")),
  "HTTP/1.0": viaApp(post(order, { headers: usualHeaders }).toString("latin1").replace("HTTP/1.1", "HTTP/1.0")),

  // Hosts, origins and keys
  "no Host": viaApp(post(order, { headers: ["Content-Type: application/json", "X-Host: x"] }).subarray(0)),
  "two Hosts": viaApp(withHeaders("Host: localhost:3000")),
  "a Host in capitals": viaApp(post(order, { headers: ["Host: LOCALHOST", "Content-Type: application/json"] })),
  "a Host that is none": viaApp(post(order, { headers: ["Host: a b", "Content-Type: application/json"] })),
  "an address in an odd form": viaApp(post(order, { headers: ["Host: 127.1", "Content-Type: application/json"] })),
  "a host that is allowed": {
    ...direct(post(order, { headers: ["Host: crm.example.com:8443", "Content-Type: application/json"] })),
    options: { allowedHosts: ["crm.example.com"] },
  },
  "a foreign host": {
    ...viaApp(post(order, { headers: ["Host: evil.example", "Content-Type: application/json"] })),
    options: { allowedHosts: ["crm.example.com"] },
  },
  "a usual host, then a foreign one": {
    ...viaApp(changed({}), post(order, { headers: ["Host: evil.example", "Content-Type: application/json"] })),
    by: "any",
    options: { allowedHosts: [] },
  },
  "a foreign origin": {
    ...viaApp(withHeaders("Origin: https://evil.example")),
    options: { foreignOrigins: "refused" },
  },
  "an origin of this machine": { ...viaApp(withHeaders("Origin: http://localhost")), options: { allowedHosts: [] } },
  "an API key where there are none": {
    ...viaApp(withHeaders("Authorization: Bearer x")),
    options: { apiKeys: "refused" },
  },
  "another header with an API key where there are none": {
    ...viaApp(withHeaders("X-API-Key: x")),
    options: { apiKeys: "refused" },
  },
  "a key that is not looked at": direct(withHeaders("Authorization: Bearer x")),
  "a caller": asCaller("Bearer all"),
  "a caller of its own tenant": asCaller("Bearer own"),
  "a caller of another tenant": asCaller("Bearer other"),
  "a caller that may only read": asCaller("Bearer read"),
  "a caller that is too fast": asCaller("Bearer fast"),
  "a caller with an unknown key": asCaller("Bearer msk_x"),
  "a caller that may do nothing, with an invalid body": asCaller("Bearer nobody", "{"),
  "a caller with an invalid body": asCaller("Bearer all", "{"),
  "a caller without a key": { ...direct(changed({})), options: { access } },
  "a caller with two keys": {
    ...viaApp(withHeaders("Authorization: Bearer all", "Authorization: Bearer own")),
    options: { access },
  },
  "a check of one's own": {
    ...viaApp(withHeaders("Authorization: Bearer x")),
    options: {
      access: ({ url }) => (url.endsWith("/send") ? { tenants: "all", scopes: ["send"] } : { refused: "forbidden" }),
    },
  },

  // Other requests to the path, and to its neighbours
  "another method": viaApp(post(order, { line: "PUT /api/v1/messages/send" })),
  "GET, with a body": viaApp(post(order, { line: "GET /api/v1/messages/send" })),
  "a query": viaApp(post(order, { line: "POST /api/v1/messages/send?a=b" })),
  "an absolute URL": viaApp(post(order, { line: "POST http://localhost:3000/api/v1/messages/send" })),
  "a slash at the end": viaApp(post(order, { line: "POST /api/v1/messages/send/" })),
  "another path": viaApp(post(order, { line: "POST /api/v1/messages/sends" })),
  "the path in another spelling": viaApp(post(order, { line: "POST /api/v1/messages/%73end" })),

  // What becomes of the message
  "a replay": direct(withHeaders(keyed), withHeaders(keyed)),
  "a replay within seconds": direct(withHeaders(keyed, "Prefer: wait=9"), withHeaders(keyed, "Prefer: wait=9")),
  "a key with another body": direct(withHeaders(keyed), post({ ...order, message: "Other" }, { headers: [keyed] })),
  "a queued message": {
    ...direct(withHeaders(keyed), withHeaders(keyed, "Prefer: wait=5")),
    prepare: ({ sender }) =>
      sender.enqueue({
        tenantId: order.tenant_id,
        outletId: order.outlet_id,
        conversationId: order.conversation_id,
        to: order.to,
        content: { type: "text", text: { body: order.message } },
        idempotency: { key: "order-1", body: order },
      }),
  },
  "a final refusal, and its replay": ending({ ...Refused, final: true }, keyed),
  "refused to the end": ending({ ...Refused, final: false, maybeProcessed: false }, keyed, "Prefer: wait=0"),
  "throttled past the deadline": ending(Throttled, keyed, "Prefer: wait=0"),
  "credentials refused": ending(CredentialRefused, keyed),
  "cannot be reached for good": ending({ ...NotSent, final: true }, keyed),
  "success that cannot be read": ending({ ...Ambiguous, sawSuccess: true }, keyed),
  "no answer": ending(Ambiguous, keyed, "Prefer: wait=0"),
  "an unknown outlet": {
    ...direct(changed({})),
    prepare: ({ ports }) => Object.assign(ports.credentials, { lookup: () => errAsync({ kind: "OutletUnknown" }) }),
  },
  "a quota used up": {
    ...direct(changed({})),
    prepare: ({ ports }) =>
      Object.assign(ports.quota, { reserve: () => errAsync({ kind: "QuotaExceeded", resetsAt: ports.clock.now() }) }),
  },
  "a store that is down": {
    ...direct(withHeaders("Prefer: wait=5")),
    prepare: ({ ports }) => Object.assign(ports.messages, { accept: () => errAsync(unavailable) }),
  },
  "a store that goes down": {
    ...direct(changed({})),
    prepare: ({ ports }) => Object.assign(ports.messages, { commit: () => errAsync(unavailable) }),
  },
  "a server that is closing": { ...direct(changed({})), prepare: ({ sender }) => sender.close() },
  "a defect": {
    ...direct(withHeaders("Prefer: wait=5", "X-Request-Id: request-1")),
    prepare: ({ ports }) =>
      Object.assign(ports.messages, {
        accept: () => {
          throw new Error("CANARY-4711");
        },
      }),
  },
  "a sender that throws": {
    ...direct(changed({})),
    prepare: ({ sender }) =>
      Object.assign(sender, {
        send: () => {
          throw new Error("CANARY-4711");
        },
      }),
  },
  "a sender that gives nonsense": {
    ...direct(changed({})),
    prepare: ({ sender }) => Object.assign(sender, { send: () => okAsync({}) }),
  },
};
