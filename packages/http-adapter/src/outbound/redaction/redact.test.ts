import { Secret } from "@message-sender/core";
import { expect, test } from "vitest";

import { readWithoutToken, redactLine, withoutToken } from "./redact.ts";

const token = new Secret("s3cr3t-t0ken");

test("the token of the request is removed, wherever it is", () => {
  expect(redactLine("bad s3cr3t-t0ken, yes s3cr3t-t0ken", 500, token)).toBe("bad [redacted], yes [redacted]");
});

test("anything that looks like one of Meta's tokens is removed", () => {
  expect(redactLine(`token EAA${"x7".repeat(40)} expired`, 500)).toBe("token [redacted] expired");
  expect(redactLine("EAA is not a token", 500)).toBe("EAA is not a token");
});

test("control and invisible characters are removed, and cannot hide a token", () => {
  expect(redactLine("a\u0000b\u001b[31m\u202e", 500)).toBe("ab[31m");
  expect(redactLine("two\r\nlines", 500)).toBe("two lines");
  expect(redactLine("s3cr3t\u200b-t0\u0000ken", 500, token)).toBe("[redacted]");
});

test("a line with a disguised token is removed completely", () => {
  const base64 = Buffer.from(`Bearer ${token.reveal()}`).toString("base64");
  for (const hidden of [base64, "s3cr3t\nt0ken", "s3cr3t%2dt0ken", Buffer.from("s3cr3t-t0ken").toString("hex")]) {
    expect(redactLine(`bad: ${hidden}`, 500, token)).toBe("[redacted]");
  }
  expect(redactLine(`bad: ${Buffer.from(`EAA${"x7".repeat(40)}`).toString("base64")}!`, 500)).toBe("bad: [redacted]!");
});

test("the cut leaves no part of a token or character", () => {
  expect(redactLine(`${"x".repeat(496)}s3cr3t-t0ken`, 500, token)).toBe(`${"x".repeat(496)}[red`);
  expect(redactLine(`${"x".repeat(499)}😀`, 500).isWellFormed()).toBe(true);
});

test("what is read of an answer is what would be read of the answer without the token", () => {
  const read = (value: unknown) => {
    const { id, name } = value as { id: unknown; name: unknown };
    if (typeof id !== "string") return undefined;
    return { id, ...(typeof name === "string" && { name }) };
  };
  const held = token.reveal();
  for (const [value, expected] of [
    [
      { id: "1", name: "2", other: held },
      { id: "1", name: "2" },
    ],
    [{ id: "1", name: `x${held}` }, { id: "1" }],
    [{ id: held, name: "2" }, undefined],
    [{ id: Buffer.from(held).toString("hex"), name: "2" }, undefined],
    [
      { id: held.slice(0, 5), name: held.slice(5) },
      { id: held.slice(0, 5), name: held.slice(5) },
    ],
  ]) {
    expect(readWithoutToken(value, token, read)).toEqual(expected);
    expect(read(withoutToken(value, Buffer.from(JSON.stringify(value)), token))).toEqual(expected);
  }
});
