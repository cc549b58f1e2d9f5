import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { chunkedBody, sizedBody } from "./body-end.ts";

describe("a body's end", () => {
  it.each([
    ["by length, before what comes behind it", "bodyGET", 4],
    ["by length, where it is not whole", "bod", 3],
    ["by length, behind what looks like a head's end", "\r\n\r\nGET", 4],
  ])("%s", (_, text, size) => {
    expect(sizedBody(4)(Buffer.from(text))).toBe(size);
  });

  it.each([
    ["0\r\n\r\n"],
    ["4\r\nbody\r\n0\r\n\r\n"],
    ["4\r\n0\r\n\r\r\n0\r\n\r\n"],
    ["00A\r\n0123456789\r\na\r\n0123456789\r\n000\r\n\r\n"],
    ["4;name=ab\r\nbody\r\n0;c\r\n\r\n"],
    ["0\r\nA: 1\r\nB:\r\n\r\n"],
  ])("of chunks: %j", (text) => {
    for (const behind of ["", "GET / HTTP/1.1\r\n\r\n", "\r\n"]) {
      expect(chunkedBody()(Buffer.from(text + behind))).toBe(text.length);
    }
  });

  it.each([sizedBody(2), chunkedBody()])("counts further bytes after the end as the body's", (end) => {
    const whole = Buffer.from("0\r\n\r\n");
    for (let at = 0; at < whole.length; at += end(whole.subarray(at)));
    expect(end(Buffer.from("more"))).toBe(4);
  });

  it("is found however the chunks and the bytes are split", () => {
    const text = fc.string({ unit: fc.constantFrom("0", "a", "\r", "\n", ";"), minLength: 1 });
    fc.assert(
      fc.property(fc.array(text), fc.array(fc.integer({ min: 1, max: 9 })), (chunks, cuts) => {
        const body = `${chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join("")}0\r\n\r\n`;
        const all = Buffer.from(`${body}0\r\n\r\n`);
        const end = chunkedBody();
        let found = 0;
        for (let at = 0; found === at;) {
          const piece = all.subarray(at, at + (cuts.shift() ?? all.length));
          found += end(piece);
          at += piece.length;
          if (found === body.length) break;
        }
        expect(found).toBe(body.length);
      }),
    );
  });
});
