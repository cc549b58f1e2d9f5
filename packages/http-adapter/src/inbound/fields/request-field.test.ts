import fc from "fast-check";
import { expect, it } from "vitest";

import { identifierField, recipientField, wamidField } from "./request-field.ts";

const characters = [
  "+",
  "1",
  "0",
  ".",
  "~",
  "-",
  "/",
  " ",
  "a",
  "Z",
  "\n",
  "\u007f",
  "é",
  "US.",
  "ENT.",
  "1".repeat(12),
];

it.each([
  ["an identifier", identifierField],
  ["a recipient", recipientField],
  ["a WhatsApp id", wamidField],
])("%s: the documented pattern admits what the check admits", (_, field) => {
  const pattern = new RegExp(String(field.meta()?.["pattern"]), "u");
  function admitted(text: string): void {
    expect(pattern.test(text), text).toBe(field.safeParse(text).success);
  }
  for (const length of [0, 1, 127, 128, 129, 511, 512, 513]) admitted("x".repeat(length));
  for (const digits of [6, 7, 15, 16]) admitted(`+${"1".repeat(digits)}`);
  for (const text of [".", "..", "...", "US.1349", "US.ENT.1", "US.", "us.1", "+0123456789"]) admitted(text);
  fc.assert(fc.property(fc.array(fc.constantFrom(...characters)), (parts) => admitted(parts.join(""))));
});
