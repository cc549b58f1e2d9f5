import { expect, test } from "vitest";

import { maskNumbers } from "./masked-numbers.ts";

test.each([
  ["+628123456789", "+•••6789"],
  ["628123456789", "•••6789"],
  ["Recipient 628123456789@c.us is unknown", "Recipient •••6789@c.us is unknown"],
  ["call +62 812-3456-789, or (+1) 650 555 1234", "call +•••6789, or (+•••1234"],
  ["to=+1 (650) 555-1234;", "to=+•••1234;"],
  ["tel628123456789x", "tel•••6789x"],
  ["US.13491208655302741918", "US.•••1918"],
  ["+6834001", "+•••4001"],
  ["wamid.HBgLMTY0NjcwNDM1OTUVAgARGBI1RjQyNUE3NEYxMzAzMzQ5MkEA", "wamid.•••MzAzMzQ5MkEA"],
])("%s becomes %s", (text, masked) => {
  expect(maskNumbers(text)).toBe(masked);
});

test.each([
  "0b9d4a3e-6c1f-4f0a-9d53-712345678901",
  "12345678-1234-4234-9234-123456789012",
  "code 131026, HTTP 400, 2026-11-23T10:00:00.000Z, 192.168.100.100:3000",
  "+1 is a country, +62 too",
])("%s stays", (text) => {
  expect(maskNumbers(text)).toBe(text);
});
