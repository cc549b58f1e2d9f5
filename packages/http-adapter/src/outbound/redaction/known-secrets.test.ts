import { createHash } from "node:crypto";

import { Secret } from "@message-sender/core";
import { expect, test } from "vitest";

import { createKnownSecrets } from "./known-secrets.ts";

const token = "EAAJx0Tq7ZCv1YBAKfZAm9Qe3LhXy2Wd8RkZBnU5sPg4Vo6JtMiZCaE7wFrD1Hb";
const plain = "9f2K-x7Qw-Lm3Z-vT8c-Rb5Y-Jd1N";

function knowing(...secrets: readonly string[]) {
  const known = createKnownSecrets();
  for (const secret of secrets) known.add(new Secret(secret));
  return known;
}

const spellings: Readonly<Record<string, (secret: string) => string>> = {
  "in base64": (secret) => Buffer.from(`Bearer ${secret}`).toString("base64"),
  "in base64url": (secret) => Buffer.from(`"${secret}"`).toString("base64url"),
  "in hexadecimal": (secret) => Buffer.from(secret).toString("hex").toUpperCase(),
  "percent-encoded": (secret) => secret.replace(/./g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  "over lines": (secret) => secret.replace(/.{7}/g, "$&\n"),
  "in capitals": (secret) => secret.toUpperCase(),
  "by its second half": (secret) => secret.slice(secret.length / 2),
};

test.each(Object.entries(spellings))("nothing is left of a secret %s", (_, spell) => {
  for (const secret of [token, plain]) {
    const clean = knowing(secret).redact(`before ${spell(secret)} after`);
    expect(clean).toContain("[redacted]");
    expect(clean).not.toContain(spell(secret).slice(-8));
  }
});

test("a secret in clear is cut out, wherever it is", () => {
  const known = knowing(plain, "another-secret-42");
  expect(known.redact(`${plain} and another-secret-42, ${plain}`)).toBe("[redacted] and [redacted], [redacted]");
});

test("a secret of words counts only as a whole", () => {
  const known = knowing("message-sender-verify", "app-secret");
  expect(known.redact("message-sender sends: the app secre is gone")).toBe(
    "message-sender sends: the app secre is gone",
  );
  expect(known.redact("it was message-sender-verify, or app-secret.")).toBe("it was [redacted], or [redacted].");
});

test.each([
  `token EAA${"x7".repeat(40)} expired`,
  `key msk_${"a1".repeat(20)} is unknown`,
  `whsec_${Buffer.alloc(24).toString("base64")}`,
  "authorization: Bearer abcdefgh12345678",
  "postgres://user:hunter2hunter2@db/messages",
])("anything that looks like a token is redacted, known or not: %s", (text) => {
  expect(knowing().redact(text)).toContain("[redacted]");
  expect(knowing().redact(text)).not.toMatch(/x7x7|a1a1|AAAA|abcdefgh|hunter2/);
});

test("other texts stay as they are", () => {
  const known = knowing(token, plain);
  for (const text of [
    "Recipient is not a valid WhatsApp user (131026)",
    "GET /api/v1/messages/018f",
    "Привет, 你好",
    "",
  ])
    expect(known.redact(text)).toBe(text);
});

const most = 10_000;
const secretOf = (index: number) => `s3cr3t-${createHash("sha256").update(String(index)).digest("base64url")}`;

test("a secret that is kept is never forgotten", () => {
  const known = createKnownSecrets();
  known.keep(new Secret(plain));
  for (let index = 0; index <= most; index += 1) known.add(new Secret(secretOf(index)));
  expect(known.redact(`the secret is ${plain}`)).toBe("the secret is [redacted]");
});

test("a secret that is added again is remembered longer than those that are not", () => {
  const known = createKnownSecrets();
  for (let index = 0; index < most; index += 1) known.add(new Secret(secretOf(index)));
  known.add(new Secret(secretOf(0)));
  known.add(new Secret(secretOf(most)));
  expect(known.redact(secretOf(0))).not.toContain(secretOf(0));
  expect(known.redact(secretOf(1))).toBe(secretOf(1));
});

test("the newest ten thousand secrets are remembered", () => {
  const known = createKnownSecrets();
  for (let index = 0; index <= most; index += 1) known.add(new Secret(secretOf(index)));
  expect(known.redact(secretOf(0))).toBe(secretOf(0));
  expect(known.redact(secretOf(1))).not.toContain(secretOf(1));
  expect(known.redact(secretOf(most))).not.toContain(secretOf(most));
});
