import { expect, test } from "vitest";

import { type GraphError, graphErrorAnswer, supportedErrorCodes, titleOf } from "./graph-error.ts";

function answerTo(error: GraphError) {
  const { status, headers, body } = graphErrorAnswer(error, "Atrace");
  return { status, headers, error: (JSON.parse(String(body)) as { error: Record<string, unknown> }).error };
}

test.each([
  [131056, 400],
  [130429, 400],
  [131016, 500],
  [131031, 403],
  [131045, 500],
  [132001, 404],
  [133004, 503],
  [190, 401],
  [0, 401],
  [2, 503],
  [3, 500],
  [10, 403],
  [200, 403],
  [299, 403],
  [131064, 400],
  [999_999, 400],
])("%i has status %i", (code, status) => {
  expect(answerTo({ code })).toMatchObject({ status, error: { code } });
});

test("a WhatsApp error has details, by default its title", () => {
  expect(answerTo({ code: 131056 }).error).toEqual({
    message: "(#131056) (Business Account, Consumer Account) pair rate limit hit",
    type: "OAuthException",
    code: 131056,
    error_data: {
      messaging_product: "whatsapp",
      details: "(Business Account, Consumer Account) pair rate limit hit",
    },
    fbtrace_id: "Atrace",
  });
});

test("an error of the Graph API itself has no error_data, unless details are given", () => {
  expect(answerTo({ code: 4 }).error).not.toHaveProperty("error_data");
  expect(answerTo({ code: 4, details: "slow down" }).error).toMatchObject({ error_data: { details: "slow down" } });
});

test("status, is_transient and Retry-After can be set", () => {
  const answer = answerTo({ code: 131000, status: 429, isTransient: true, retryAfterSeconds: 7 });
  expect(answer.status).toBe(429);
  expect(answer.error).toMatchObject({ is_transient: true });
  expect(answer.headers["retry-after"]).toBe("7");
});

test.each(supportedErrorCodes)("every error code has a status and a title: %i", (code) => {
  const { status, error } = answerTo({ code });
  expect(status).toBeGreaterThanOrEqual(400);
  expect(titleOf(code)).not.toBe("Unknown error");
  expect(error["message"]).toContain(titleOf(code));
});

test.each([138000, 138018])("calling errors have one title: %i", (code) => {
  expect(answerTo({ code })).toMatchObject({ status: 400, error: { message: `(#${code}) Calling error` } });
});
