import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { headSize, withoutEmptyLines } from "./piece-size.ts";

describe("the number of bytes to parse of", () => {
  it.each([
    ["a head and what comes behind it", "GET / HTTP/1.1\r\n\r\nGET", 18],
    ["a head that is not whole", "GET / HTTP/1.1\r\nHost", 20],
    ["a head whose end may have begun", "GET / HTTP/1.1\r\n\r", 14],
    ["a head of which a line has ended", "GET / HTTP/1.1\r\n", 14],
    ["a head with a carriage return behind it", "GET / HTTP/1.1\r", 14],
    ["nothing but a carriage return", "\r", 0],
  ])("%s", (_, text, size) => {
    expect(headSize(Buffer.from(text))).toBe(size);
  });
});

it("ends with each head, however the heads are split", () => {
  const head = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.integer({ min: 1, max: 40 })), (count, cuts) => {
      const all = Buffer.from(head.repeat(count));
      const ends: number[] = [];
      let held = Buffer.alloc(0);
      let parsed = 0;
      for (let at = 0; at < all.length;) {
        const cut = cuts.shift() ?? all.length;
        held = Buffer.concat([held, all.subarray(at, at + cut)]);
        at += cut;
        for (let size = headSize(held); size > 0; size = headSize(held)) {
          parsed += size;
          if (all.subarray(0, parsed).toString().endsWith("\r\n\r\n")) ends.push(parsed);
          expect(parsed).toBeLessThanOrEqual(head.length * (ends.length + 1));
          held = held.subarray(size);
          if (held.length === 0) break;
        }
      }
      expect(parsed).toBe(all.length);
      expect(ends).toEqual(Array.from({ length: count }, (_, index) => head.length * (index + 1)));
    }),
  );
});

it.each([
  ["", ""],
  ["\r\n\r\n", ""],
  ["\n\r\r\nGET", "GET"],
  ["GET\r\n", "GET\r\n"],
])("of %j without empty lines is left %j", (given, left) => {
  expect(withoutEmptyLines(Buffer.from(given)).toString()).toBe(left);
});
