import { assert, constantFrom, property } from "fast-check";
import { describe, expect, it } from "vitest";

import { jsonValues } from "../../../../../tests/support/json-values.ts";
import { elementsOf, membersOf } from "./json-source.ts";

describe("the original text of parts of JSON", () => {
  it("keeps numbers of any length, escapes, unusual keys and white space", () => {
    const json = String.raw`{ "id" : 12345678901234567890 ,"__proto__":{"a":[1,{}]},"a\"b{":"\ud83d ,}\\" , "e":1e400,"id":-0.10}`;
    expect(membersOf(json)).toEqual([
      { key: "id", source: '"id" : 12345678901234567890', value: "12345678901234567890" },
      { key: "__proto__", source: '"__proto__":{"a":[1,{}]}', value: '{"a":[1,{}]}' },
      { key: 'a"b{', source: String.raw`"a\"b{":"\ud83d ,}\\"`, value: String.raw`"\ud83d ,}\\"` },
      { key: "e", source: '"e":1e400', value: "1e400" },
      { key: "id", source: '"id":-0.10', value: "-0.10" },
    ]);
    expect(elementsOf(String.raw`[1.0, "],[" ,[[]],{"a":"]"},"\\"]`)).toEqual([
      "1.0",
      '"],["',
      "[[]]",
      '{"a":"]"}',
      String.raw`"\\"`,
    ]);
  });

  it.each(["{}", "{ }", "[]", "[\n]", "5", '"{"', "null"])("of %s has none", (json) => {
    expect([membersOf(json), elementsOf(json)]).toEqual([[], []]);
  });

  it("means the same to JSON.parse, whatever the value and its white space", () => {
    assert(
      property(jsonValues({ maxDepth: 4 }), constantFrom(0, 1, "\t", "\r"), (value, space) => {
        const json = JSON.stringify(value, undefined, space);
        const known: unknown = JSON.parse(json);
        const parsed = (text: string): unknown => JSON.parse(text);
        if (Array.isArray(known)) expect(elementsOf(json).map(parsed)).toEqual(known);
        else if (typeof known === "object" && known !== null) {
          expect(membersOf(json).map(({ key, value: text }) => [key, parsed(text)])).toEqual(Object.entries(known));
        } else expect([...elementsOf(json), ...membersOf(json)]).toEqual([]);
      }),
    );
  });

  it("is found at any depth", () => {
    const deep = `${'[{"a":'.repeat(100_000)}1${"}]".repeat(100_000)}`;
    expect(elementsOf(`[${deep},2]`)).toEqual([deep, "2"]);
    expect(membersOf(`{"a":${deep}}`)[0]?.value).toBe(deep);
  });
});
