import { expect, test } from "vitest";

import { parseRetryAfter } from "./retry-after.ts";

const now = new Date("2026-11-23T10:00:00Z");

function parse(header: string | readonly string[] | undefined, date?: string): number | undefined {
  return parseRetryAfter({ "retry-after": header as string | undefined, date }, now);
}

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
])("%j means %j ms", (header, expected) => {
  expect(parse(header)).toBe(expected);
});

test.each(["", "soon", "-5", "1.5", "1e3", "2026-11-23T10:00:30Z", "Mon, 99 Foo 2026 10:00:30 GMT"])(
  "%j counts as absent",
  (header) => {
    expect(parse(header)).toBeUndefined();
  },
);

test("a header that is missing or repeated counts as absent", () => {
  expect(parse(undefined)).toBeUndefined();
  expect(parse(["1", "2"])).toBeUndefined();
});

test("a date is relative to the answer's Date header, if present", () => {
  const header = "Mon, 23 Nov 2026 10:00:30 GMT";
  expect(parse(header, "Mon, 23 Nov 2026 10:00:20 GMT")).toBe(10_000);
  expect(parse(header, "soon")).toBe(30_000);
  expect(parse("7", "Mon, 23 Nov 2026 10:00:20 GMT")).toBe(7000);
});
