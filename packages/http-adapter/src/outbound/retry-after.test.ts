import { expect, test } from "vitest";

import { parseRetryAfter } from "./retry-after.ts";

const now = new Date("2026-11-23T10:00:00Z");

test.each([
  ["0", 0],
  ["7", 7000],
  [" 7 ", 7000],
  ["301", 300_000],
  ["9".repeat(400), 300_000],
  ["Mon, 23 Nov 2026 10:00:30 GMT", 30_000],
  ["Monday, 23-Nov-26 10:00:30 GMT", 30_000],
  ["Mon, 23 Nov 2026 09:00:00 GMT", 0],
  ["Mon, 23 Nov 2026 23:00:00 GMT", 300_000],
])("%j asks for %j ms", (header, expected) => {
  expect(parseRetryAfter(header, now)).toBe(expected);
});

test.each(["", "soon", "-5", "1.5", "1e3", "2026-11-23T10:00:30Z", "Mon, 99 Foo 2026 10:00:30 GMT"])(
  "%j counts as absent",
  (header) => {
    expect(parseRetryAfter(header, now)).toBeUndefined();
  },
);

test("a header that is missing or repeated counts as absent", () => {
  expect(parseRetryAfter(undefined, now)).toBeUndefined();
  expect(parseRetryAfter(["1", "2"], now)).toBeUndefined();
});
