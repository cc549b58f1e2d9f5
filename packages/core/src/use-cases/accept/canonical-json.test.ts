import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { canonicalJson } from "./canonical-json.ts";

/** Without backslashes: V8 changes keys after one with a backslash (https://github.com/nodejs/node/issues/63785). */
const jsonValues = fc.jsonValue().filter((value) => !JSON.stringify(value).includes(String.raw`\\`));

describe("canonical JSON", () => {
  it("is RFC 8785's example", () => {
    const value: unknown = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it("sorts keys by their UTF-16 code units, as RFC 8785 has it", () => {
    const value = {
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis",
    };
    const inOrder = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"];
    const positions = inOrder.map((word) => canonicalJson(value).indexOf(word));
    expect(positions.toSorted((a, b) => a - b)).toEqual(positions);
  });

  it("leaves arrays in their order, sorts inside them and writes -0 as 0", () => {
    expect(canonicalJson([{ b: -0, a: [3, 1] }, "a"])).toBe('[{"a":[3,1],"b":0},"a"]');
  });

  it("treats undefined as JSON does", () => {
    expect(canonicalJson({ a: undefined, b: [undefined, 1] })).toBe('{"b":[null,1]}');
  });

  it("keeps a key called __proto__", () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1},"b":1}');
  });

  it("is valid JSON of an equal value, whatever the order of the keys", () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });

  it("differs for different values", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const isSame = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(canonicalJson(one) === canonicalJson(other)).toBe(isSame);
      }),
    );
  });
});

function rebuilt(value: unknown, order: (entries: [string, unknown][]) => [string, unknown][]): unknown {
  if (Array.isArray(value)) return value.map((item) => rebuilt(item, order));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(order(Object.entries(value)).map(([key, member]) => [key, rebuilt(member, order)]));
}

const reversed = (value: unknown) => rebuilt(value, (entries) => entries.toReversed());
const sorted = (value: unknown) => rebuilt(value, (entries) => entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
