import { Secret } from "@message-sender/core";
import { expect, test } from "vitest";

import { describeGraphError, interpretGraphError } from "./graph-error.ts";
import { graphErrorRule, graphErrorRules } from "./graph-error-codes.ts";

const answer = (code: number, more: object = {}) => ({
  error: { message: `(#${code}) Meta's words`, type: "OAuthException", code, ...more },
});

test.each([0, 102, 104, 190])("code %i: the credentials were refused, whatever the HTTP status", (code) => {
  for (const status of [200, 400, 401, 500]) {
    expect(interpretGraphError(status, answer(code))).toMatchObject({
      kind: "CredentialRefused",
      failure: { class: "credentials", code, httpStatus: status },
    });
  }
});

test.each([1, 2, 131000, 131016, 133004])("code %i may pass and may have been processed", (code) => {
  for (const status of [400, 500, 503]) {
    expect(interpretGraphError(status, answer(code))).toMatchObject({
      kind: "Refused",
      final: false,
      maybeProcessed: true,
      failure: { class: "transient" },
    });
  }
});

test.each([
  [4, "app"],
  [17, "app"],
  [32, "app"],
  [341, "app"],
  [613, "app"],
  [80007, "account"],
  [130429, "number"],
  [131056, "pair"],
  [131057, "maintenance"],
])("code %i is a limit of the %s", (code, scope) => {
  for (const status of [400, 429, 500]) {
    expect(interpretGraphError(status, answer(code))).toMatchObject({
      kind: "Throttled",
      scope,
      failure: { class: "throttled" },
    });
  }
});

test.each([
  ["permission", [3, 10, 200, 250, 299, 131005]],
  ["account", [33, 131031, 131037, 131042, 131045, 131063, 133000, 133005, 133006, 133008, 133009, 133010, 133015]],
  ["account", [133016, 134011, 139200]],
  ["policy", [368, 130497, 131048, 131064]],
  ["recipient", [130403, 130472, 131021, 131026, 131030, 131047, 131049, 131050, 137000]],
  ["request", [100, 506, 803, 131008, 131009, 131051, 131052, 131053, 131055, 131062, 132018, 132021, 134100, 135000]],
  ["request", [138000, 138018]],
  ["template", [132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068, 132069, 134101, 134102]],
])("the %s class: %j are final, also with 500 and is_transient", (failureClass, codes) => {
  for (const code of codes) {
    for (const status of [400, 500]) {
      expect(interpretGraphError(status, answer(code, { is_transient: true }))).toMatchObject({
        kind: "Refused",
        final: true,
        maybeProcessed: false,
        failure: { class: failureClass, code },
      });
    }
  }
});

test("an unknown code goes by HTTP status and is_transient", () => {
  expect(interpretGraphError(500, answer(999999))).toMatchObject({ final: false, maybeProcessed: true });
  expect(interpretGraphError(400, answer(999999, { is_transient: true }))).toMatchObject({
    final: false,
    maybeProcessed: true,
    failure: { class: "transient" },
  });
  expect(interpretGraphError(400, answer(999999))).toMatchObject({
    kind: "Refused",
    final: true,
    failure: { class: "request" },
  });
  expect(interpretGraphError(401, answer(999999))).toMatchObject({ kind: "CredentialRefused" });
  expect(interpretGraphError(400, answer(-1))).toMatchObject({ kind: "Refused", final: true });
});

test.each([
  [401, { kind: "CredentialRefused", failure: { class: "credentials", httpStatus: 401 } }],
  [429, { kind: "Throttled", scope: "app", failure: { class: "throttled" }, retryAfterMs: 3000 }],
  [503, { kind: "Refused", final: false, maybeProcessed: false, failure: { class: "transient" }, retryAfterMs: 3000 }],
  [500, { kind: "Ambiguous", sawSuccess: false }],
  [502, { kind: "Ambiguous", sawSuccess: false }],
  [504, { kind: "Ambiguous", sawSuccess: false }],
  [400, { kind: "Refused", final: true, failure: { class: "request" } }],
  [404, { kind: "Refused", final: true, failure: { class: "request" } }],
  [
    302,
    { kind: "Refused", final: true, failure: { class: "protocol", details: "HTTP 302: redirected; not followed" } },
  ],
])("HTTP %i without a Graph error", (status, expected) => {
  for (const body of [
    undefined,
    null,
    "<html>",
    {},
    { error: "nope" },
    { error: { message: "no code" } },
    answer(0.5),
  ]) {
    expect(interpretGraphError(status, body, 3000)).toMatchObject(expected);
  }
});

test("the wait is the longer of ours and theirs", () => {
  expect(interpretGraphError(500, answer(131057))).toMatchObject({ retryAfterMs: 60_000 });
  expect(interpretGraphError(500, answer(131057), 5000)).toMatchObject({ retryAfterMs: 60_000 });
  expect(interpretGraphError(500, answer(131057), 90_000)).toMatchObject({ retryAfterMs: 90_000 });
  expect(interpretGraphError(400, answer(4))).not.toHaveProperty("retryAfterMs");
  expect(interpretGraphError(400, answer(2), 2000)).toMatchObject({ retryAfterMs: 2000 });
});

test("the details are Meta's, at their most exact, with the trace id", () => {
  const more = { error_data: { messaging_product: "whatsapp", details: "Exact words" }, fbtrace_id: "AbC" };
  expect(interpretGraphError(400, answer(131047, more))).toMatchObject({
    failure: { details: "Exact words", fbtraceId: "AbC", advice: "Send a template." },
  });
  expect(interpretGraphError(400, answer(131047))).toMatchObject({ failure: { details: "(#131047) Meta's words" } });
  expect(interpretGraphError(400, { error: { code: 131047 } })).toMatchObject({
    failure: { details: "More than 24 hours since the last reply" },
  });
});

test("odd fields beside a code do not hide it", () => {
  const odd = { message: 5, error_data: "text", fbtrace_id: {}, is_transient: "yes" };
  expect(interpretGraphError(400, { error: { code: 131047, ...odd } })).toMatchObject({
    failure: { class: "recipient", code: 131047 },
  });
});

test("neither the request's token nor anything like one is told", () => {
  const token = new Secret("the-token-itself");
  const message = `Bad the-token-itself and EAA${"k".repeat(60)} ${"x".repeat(900)}`;
  const outcome = interpretGraphError(400, answer(190, { message, fbtrace_id: "the-token-itself" }), undefined, {
    token,
  });
  const text = JSON.stringify(outcome);
  expect(text).not.toContain("the-token-itself");
  expect(text).not.toContain("EAAk");
  expect(outcome).toMatchObject({ failure: { fbtraceId: "[redacted]" } });
  expect("failure" in outcome && outcome.failure.details.length).toBe(500);
});

test("a user's own rules go before the table", () => {
  const rules = { 131026: { kind: "MaybeProcessed", title: "T", advice: "A" } } as const;
  expect(interpretGraphError(400, answer(131026), undefined, { rules })).toMatchObject({ final: false });
  expect(interpretGraphError(400, answer(131047), undefined, { rules })).toMatchObject({ final: true });
});

test("an error of a status webhook is described by the same table", () => {
  const error = { code: 131049, title: "Title", error_data: { details: "Held back" } };
  expect(describeGraphError(error)).toMatchObject({ class: "recipient", code: 131049, details: "Held back" });
  expect(describeGraphError({ title: "no code" })).toBeUndefined();
});

test("each code has a title and an advice, and no other code has a rule", () => {
  for (const [code, rule] of Object.entries(graphErrorRules)) {
    expect(graphErrorRule(Number(code))).toBe(rule);
    expect(rule.title.length * rule.advice.length).toBeGreaterThan(0);
  }
  for (const code of [199, 300, 137999, 138019, 5]) expect(graphErrorRule(code)).toBeUndefined();
});
