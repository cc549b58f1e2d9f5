import { Secret } from "@message-sender/core";
import { expect, it } from "vitest";

import { createLogRedaction } from "./log-redaction.ts";

const token = "9f2K-x7Qw-Lm3Z-vT8c-Rb5Y-Jd1N";

function clean(fields: object, numbers: "masked" | "full" = "masked") {
  const redaction = createLogRedaction({ numbers });
  redaction.add(new Secret(token));
  return redaction.fields(fields);
}

it("masks phone numbers in every text, also within", () => {
  expect(
    clean({
      to: "+628123456789",
      wa_id: "628123456789",
      reason: "Recipient +62 812-3456-789 is not on WhatsApp",
      conversation_id: "628123456789",
      attempts: [{ details: { said: ["628123456789"] } }],
    }),
  ).toEqual({
    to: "+•••6789",
    wa_id: "•••6789",
    reason: "Recipient +•••6789 is not on WhatsApp",
    conversation_id: "•••6789",
    attempts: [{ details: { said: ["•••6789"] } }],
  });
});

it("shows phone numbers if it is asked to, and secrets never", () => {
  const fields = clean({ to: "+628123456789", reason: `628123456789 ${token}` }, "full");
  expect(fields).toEqual({ to: "+628123456789", reason: "628123456789 [redacted]" });
});

it("keeps ids, times, counts and traces", () => {
  const fields = {
    message_id: "01a2222f-54ef-70cd-8d79-0d8699544190",
    tenant_id: "12345678",
    phone_number_id: "106540352242922",
    trace_id: "00000000000000001234567890123456",
    request_id: "1234567890",
    caller: "key_1234567890123456",
    keys_added: ["key_1234567890123456"],
    keys_revoked: ["key_1234567890123456"],
    keys_changed: ["key_1234567890123456"],
    duration_ms: 12_345_678.9,
    retry_at: new Date(0),
    possible_duplicate: true,
    problem: undefined,
  };
  expect(clean(fields)).toEqual(fields);
});

it("removes what a field's name says is secret or content", () => {
  const names = [
    "authorization",
    "access_token",
    "waba_access_token",
    "appSecret",
    "password",
    "x-api-key",
    "Set-Cookie",
  ];
  for (const name of names) expect(clean({ [name]: "short" })).toEqual({ [name]: "[redacted]" });
  expect(clean({ answer: { content: { body: "Hello" }, text: "Hello" } })).toEqual({
    answer: { content: "[content]", text: "[content]" },
  });
});

it("removes a known secret from every value and name", () => {
  const hidden = Buffer.from(`Bearer ${token}`).toString("base64");
  const seen = JSON.stringify(
    clean({
      [token]: 1,
      request_id: token,
      path: `/x?t=${encodeURIComponent(token)}`,
      tenant_id: token,
      list: [hidden],
    }),
  );
  for (const part of [token, hidden]) expect(seen).not.toContain(part);
});

it("shows an error's kind and frames, and nothing that a parser quotes", () => {
  const error = parseError("Hello! Your order is ready.");
  const [shown] = Object.values(clean({ error })) as [{ type: string; stack: string }];
  expect(shown.type).toBe("SyntaxError");
  expect(shown.stack).toMatch(/^SyntaxError\n +at /);
  const failed = clean({ err: new Error(`no ${token} for +628123456789`, { cause: token }) });
  expect(failed["err"]).toMatchObject({ stack: expect.stringMatching(/^Error: no \[redacted\] for \+•••6789\n/) });
  expect(JSON.stringify(failed)).not.toContain(token);
});

it("ends at a depth and a length", () => {
  let deep: unknown = "end";
  for (let level = 0; level < 20; level += 1) deep = { deep };
  expect(JSON.stringify(clean({ deep }))).toContain("[…]");
  expect(String(clean({ long: "x".repeat(100_000) })["long"]).length).toBeLessThan(10_000);
});

it("knows a secret in a text and a name that it has seen before the secret", () => {
  const redaction = createLogRedaction();
  const fields = { path: `/x/${token}`, caller: token, [token]: 1 };
  expect(redaction.fields(fields)).toEqual(fields);
  expect(redaction.text(`it is ${token}`)).toContain(token);
  redaction.add(new Secret(token));
  expect(JSON.stringify(redaction.fields(fields))).not.toContain(token);
  expect(redaction.text(`it is ${token}`)).toBe("it is [redacted]");
});

it("copies nothing if there is nothing to hide", () => {
  const redaction = createLogRedaction();
  const fields = {
    message_id: "01a2222f-54ef-70cd-8d79-0d8699544190",
    attempts: [{ attempt: 1, code: undefined }],
    at: new Date(),
  };
  expect(redaction.fields(fields)).toBe(fields);
});

it("shows the fields of an object, and not what its class makes of it", () => {
  class Answer {
    readonly code = 1;
    toJSON() {
      return { body: token };
    }
  }
  class Answers extends Array<number> {
    toJSON() {
      return [token];
    }
  }
  const shown = clean({ answer: new Answer(), answers: Answers.of(1, 2), url: new URL(`https://a/?t=${token}`) });
  expect(JSON.stringify(shown)).toBe('{"answer":{"code":1},"answers":[1,2],"url":{}}');
});

function parseError(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

it("does not ask an array or a time how it wants to be shown", () => {
  const toJSON = () => token;
  class OwnDate extends Date {
    override toJSON() {
      return token;
    }
  }
  const at = new Date(0);
  const shown = clean({
    list: Object.assign(["a"], { toJSON }),
    at: Object.assign(new Date(0), { toJSON }),
    own: new OwnDate(0),
  });
  expect(JSON.parse(JSON.stringify(shown))).toEqual({ list: ["a"], at: at.toISOString(), own: at.toISOString() });
});

it("shows no bytes", () => {
  const bytes = Buffer.from(token);
  expect(clean({ bytes, all: [new Uint8Array(bytes), new DataView(new ArrayBuffer(8))] })).toEqual({
    bytes: "[bytes]",
    all: ["[bytes]", "[bytes]"],
  });
});
