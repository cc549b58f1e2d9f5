import { Secret } from "@message-sender/core";
import { expect, it } from "vitest";

import { failureText } from "./failure-text.ts";

const url = "http://127.0.0.1:3000";
const problem = { detail: "This is why." };

it.each([
  [404, problem, "This is why."],
  [500, {}, `${url} answered HTTP 500.`],
  [429, { ...problem, retry_after_seconds: 7 }, "This is why. Try again in 7 s."],
  [
    400,
    {
      ...problem,
      errors: [
        { pointer: "/to", detail: "is missing" },
        { pointer: "/message/body", detail: "is too long" },
      ],
    },
    "This is why. to is missing; message/body is too long.",
  ],
  [
    422,
    { detail: "It has 0: {{1}} is missing.", errors: [{ pointer: "/message", detail: "{{1}} is missing" }] },
    "It has 0: {{1}} is missing.",
  ],
  [
    422,
    { ...problem, whatsapp_error: { code: 134100, details: "not a marketing template" } },
    "This is why. WhatsApp said (134100): not a marketing template",
  ],
  [422, { ...problem, whatsapp_error: { code: 131026 } }, "This is why. WhatsApp said 131026."],
  [400, { ...problem, errors: [7, { pointer: 1 }, null] }, "This is why."],
  [401, problem, `${url} answered HTTP 401. This is why. Set MESSAGE_SENDER_API_KEY to an API key of that server.`],
  [401, {}, `${url} answered HTTP 401. Set MESSAGE_SENDER_API_KEY to an API key of that server.`],
  [403, problem, `${url} answered HTTP 403. This is why.`],
])("of HTTP %i with %o", (status, body, text) => {
  expect(failureText({ url }, { status, body })).toBe(text);
});

it("says where a refused key comes from, and does not show it", () => {
  const text = failureText({ url, apiKey: new Secret("canary-key") }, { status: 403, body: problem });
  expect(text).toMatch(/The API key is the one in MESSAGE_SENDER_API_KEY\.$/);
  expect(text).not.toContain("canary");
});
