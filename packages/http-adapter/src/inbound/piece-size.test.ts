import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type Coming, pieceSize, withoutEmptyLines } from "./piece-size.ts";

const sizeOf = (text: string, coming: Coming) => pieceSize(Buffer.from(text), coming);

describe("how much is parsed of", () => {
  it.each([
    ["a head and what comes behind it", "GET / HTTP/1.1\r\n\r\nGET", "head", 18],
    ["a head that is not whole", "GET / HTTP/1.1\r\nHost", "head", 20],
    ["a head whose end may have begun", "GET / HTTP/1.1\r\n\r", "head", 14],
    ["a head of which a line has ended", "GET / HTTP/1.1\r\n", "head", 14],
    ["a head with a carriage return behind it", "GET / HTTP/1.1\r", "head", 14],
    ["nothing but a carriage return", "\r", "head", 0],
    ["a body and what comes behind it", "bodyGET", { bodyLeft: 4 }, 4],
    ["a body that is not whole", "bod", { bodyLeft: 4 }, 3],
    ["a body that looks like a head's end", "\r\n\r\n\r\n", { bodyLeft: 6 }, 6],
    ["a small chunk", "4\r\n", "chunked", 3],
    ["many chunks", "x".repeat(5000), "chunked", 4096],
  ] as const)("%s", (_, text, coming, size) => {
    expect(sizeOf(text, coming)).toBe(size);
  });
});

it("goes as far as each head's end and no further, however the heads are cut", () => {
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
        for (let size = pieceSize(held, "head"); size > 0; size = pieceSize(held, "head")) {
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
