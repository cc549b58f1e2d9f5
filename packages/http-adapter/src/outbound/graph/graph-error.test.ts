import { Secret } from "@message-sender/core";
import { describe, expect, it, test } from "vitest";

import { describeGraphError, interpretGraphError } from "./graph-error.ts";
import { accessErrors } from "./error-codes/access.ts";
import { accountErrors } from "./error-codes/account.ts";
import { contentErrors } from "./error-codes/content.ts";
import { temporaryErrors } from "./error-codes/temporary.ts";
import { recipientErrors } from "./error-codes/recipient.ts";
import { graphErrorRanges, graphErrorRule, graphErrorRules } from "./error-codes/error-table.ts";

const answer = (code: number, more: object = {}) => ({
  error: { message: `(#${code}) Meta's words`, type: "OAuthException", code, ...more },
});

test("131052 is about the media of the sent message, like 131053", () => {
  for (const code of [131052, 131053]) {
    expect(contentErrors[code]?.advice).toMatch(/media's link .* new message/);
    expect(contentErrors[code]?.advice).not.toMatch(/sender/);
  }
});

test.each([0, 102, 104, 190])("code %i: the credentials were refused, whatever the HTTP status", (code) => {
  for (const status of [200, 400, 401, 500]) {
    expect(interpretGraphError(status, answer(code))).toMatchObject({
      kind: "CredentialRefused",
      failure: { class: "credentials", code, httpStatus: status },
    });
  }
});

test.each([1, 2, 131000, 131016, 133004])("code %i is temporary, and the message may have been processed", (code) => {
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

test("an unknown code is classified by HTTP status and is_transient", () => {
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
  [500, { kind: "Ambiguous", sawSuccess: false, httpStatus: 500, cause: "HTTP 500 without a Graph error" }],
  [502, { kind: "Ambiguous", sawSuccess: false }],
  [504, { kind: "Ambiguous", sawSuccess: false }],
  [400, { kind: "Refused", final: true, failure: { class: "request" } }],
  [404, { kind: "Refused", final: true, failure: { class: "request" } }],
  [
    302,
    {
      kind: "Refused",
      final: true,
      failure: { class: "protocol", details: "HTTP 302 is a redirect, which is not followed" },
    },
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

test("the wait is the longer of the table's and WhatsApp's", () => {
  expect(interpretGraphError(500, answer(131057))).toMatchObject({ retryAfterMs: 60_000 });
  expect(interpretGraphError(500, answer(131057), 5000)).toMatchObject({ retryAfterMs: 60_000 });
  expect(interpretGraphError(500, answer(131057), 90_000)).toMatchObject({ retryAfterMs: 90_000 });
  expect(interpretGraphError(400, answer(4))).not.toHaveProperty("retryAfterMs");
  expect(interpretGraphError(400, answer(2), 2000)).toMatchObject({ retryAfterMs: 2000 });
});

test("the details are Meta's most specific text, with the trace id", () => {
  const more = { error_data: { messaging_product: "whatsapp", details: "Exact words" }, fbtrace_id: "AbC" };
  expect(interpretGraphError(400, answer(131047, more))).toMatchObject({
    failure: { details: "Exact words", fbtraceId: "AbC", advice: "Send a template." },
  });
  expect(interpretGraphError(400, answer(131047))).toMatchObject({ failure: { details: "(#131047) Meta's words" } });
  expect(interpretGraphError(400, { error: { code: 131047 } })).toMatchObject({
    failure: { details: "the 24-hour window is closed" },
  });
});

test("malformed fields do not hide the code", () => {
  const odd = { message: 5, error_data: "text", fbtrace_id: {}, is_transient: "yes" };
  expect(interpretGraphError(400, { error: { code: 131047, ...odd } })).toMatchObject({
    failure: { class: "recipient", code: 131047 },
  });
});

test("the result contains neither the request's token nor anything like one", () => {
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

test("codes that the recipient or a pause explains", () => {
  const concerned = Object.entries(graphErrorRules).filter(([, { concerns }]) => concerns);
  expect(concerned.map(([code, { concerns }]) => [code, concerns])).toEqual([
    ["131047", "window"],
    ["131050", "opt-out"],
    ["132015", "pause"],
  ]);
  expect(describeGraphError({ code: 131047 })).toMatchObject({ concerns: "window" });
  expect(interpretGraphError(400, answer(131050))).toMatchObject({ failure: { concerns: "opt-out" } });
  expect(interpretGraphError(400, answer(131049))).not.toHaveProperty("failure.concerns");
});

test("a user's own rules take precedence over the table", () => {
  const words = { title: "T", advice: "A" };
  const rules = {
    131026: { class: "transient", maybeProcessed: false, ...words },
    131048: { class: "throttled", scope: "number", waitMs: 5000, ...words },
    999999: { class: "policy", ...words },
  } as const;
  const interpret = (code: number) => interpretGraphError(400, answer(code), undefined, { rules });
  expect(interpret(131026)).toMatchObject({ kind: "Refused", final: false, maybeProcessed: false });
  expect(interpret(131048)).toMatchObject({ kind: "Throttled", scope: "number", retryAfterMs: 5000 });
  expect(interpret(999999)).toMatchObject({ final: true, failure: { class: "policy", title: "T", advice: "A" } });
  expect(interpret(131047)).toMatchObject({ final: true });
});

test("an error of a status webhook is described by the same table", () => {
  const error = { code: 131049, title: "Title", error_data: { details: "Held back" } };
  expect(describeGraphError(error)).toMatchObject({ class: "recipient", code: 131049, details: "Held back" });
  expect(describeGraphError({ title: "no code" })).toBeUndefined();
  expect(describeGraphError({ ...error, code: "131049" })).toEqual(describeGraphError(error));
});

test("no code is in two parts of the table", () => {
  const parts = [accessErrors, accountErrors, contentErrors, temporaryErrors, recipientErrors];
  const codes = parts.flatMap((part) => Object.keys(part));
  expect(codes.toSorted()).toEqual(Object.keys(graphErrorRules).toSorted());
});

test("every code is in the table or in one of its ranges", () => {
  for (const code of Object.keys(graphErrorRules))
    expect(graphErrorRule(Number(code))).toBe(graphErrorRules[Number(code)]);
  for (const code of [200, 299, 138000, 138018]) expect(graphErrorRule(code)).toBeDefined();
  for (const code of [199, 300, 137999, 138019, 5, -1]) expect(graphErrorRule(code)).toBeUndefined();
});

describe("a row of the table", () => {
  const rows = [
    ...Object.entries(graphErrorRules),
    ...graphErrorRanges.map(({ first, row }) => [`${first} …`, row] as const),
  ];

  it.each(rows)("%s: its texts form sentences", (_, { title, advice, reason }) => {
    expect(title).toMatch(/^[a-zW].*[^.]$/);
    for (const sentence of [advice, ...(reason === undefined ? [] : [reason])]) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  it.each([3, 131045, 133000, 134102, 1, 4, 80007, 130429, 131056])(
    "%i has its reason: its HTTP status says something else",
    (code) => expect(graphErrorRules[code]?.reason).toMatch(/HTTP [45]00/),
  );

  it.each([
    [100, "phone number id is wrong"],
    [131009, "still syncing: wait ten minutes"],
    [131026, "not have accepted its terms"],
  ])("%i names each cause that Meta names: %s", (code, cause) => {
    expect(graphErrorRules[code]?.advice).toContain(cause);
  });

  it("has a reason if other software decides differently", () => {
    const disputed = Object.entries(graphErrorRules).filter(([, { isDisputed }]) => isDisputed);
    expect(disputed.map(([code]) => code)).toEqual(["131000", "131016", "131048", "131053", "131057", "133016"]);
    for (const [, { reason }] of disputed) expect(reason).toBeDefined();
  });
});
