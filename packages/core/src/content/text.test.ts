import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { contentObject } from "./content.ts";
import { parseContent } from "./parse-content.ts";
import { plainTextOf } from "./text.ts";

const parse = (body: unknown) => parseContent("text", { body });

describe("a text that is accepted unchanged", () => {
  it.each([
    ["one letter", "a"],
    ["lines and tabs", "a\n\tb\n"],
    ["a right-to-left override", "\u202Eabc"],
    ["emoji with joiners", "👩‍👩‍👧‍👦"],
    ["a flag", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"],
    ["4,000 combining marks", `e${"\u0301".repeat(4000)}`],
    ["4,096 letters", "a".repeat(4096)],
    ["4,096 emoji", "😀".repeat(4096)],
    ["space around it", "  a  "],
    ["an escape that is none", "\\u0000"],
    ["Arabic", "السلام عليكم"],
  ])("%s", (_, body) => {
    expect(parse(body)._unsafeUnwrap()).toEqual({ type: "text", text: { body } });
  });

  it("with a preview of its link", () => {
    for (const preview_url of [true, false]) {
      const text = { body: "https://example.com", preview_url };
      expect(parseContent("text", text)._unsafeUnwrap()).toEqual({ type: "text", text });
    }
  });
});

describe("a text that is rejected", () => {
  it.each([
    ["nothing", ""],
    ["spaces", "  \n\t "],
    ["other white space", "\u00A0\u2003\u3000\uFEFF"],
    ["zero-width characters", "\u200B\u200C\u200D\u2060"],
    ["direction marks", "\u200E\u200F\u202A\u202C\u2066\u2069"],
    ["variation selectors", "\uFE0F\uFE0E"],
    ["blank fillers", "\u3164\u115F\u1160\uFFA0"],
    ["a NUL", "a\u0000b"],
    ["an escape character", "a\u001Bb"],
    ["a carriage return alone", "a\rb"],
    ["a delete", "a\u007Fb"],
    ["a C1 control", "a\u0085b"],
    ["half of a surrogate pair", "a\uD83D"],
    ["the other half", "\uDE00a"],
    ["4,097 letters", "a".repeat(4097)],
    ["4,097 emoji", "😀".repeat(4097)],
    ["a million letters", "a".repeat(1_000_000)],
    ["a number", 5],
    ["null", null],
    ["an array", ["a"]],
    ["an object", { toString: "a" }],
    ["a function", () => "a"],
  ])("%s", (_, body) => {
    const [problem] = parse(body)._unsafeUnwrapErr();
    expect(problem?.path).toEqual(["text", "body"]);
    expect(problem?.detail).toMatch(/./);
  });

  it.each([[{}], [{ body: "a", preview_url: "yes" }], [null], [[]], ["a"], [undefined]])(
    "an object that is not Meta's: %j",
    (object) => {
      expect(parseContent("text", object).isErr()).toBe(true);
    },
  );

  it("an inherited body", () => {
    expect(parseContent("text", Object.create({ body: "a" })).isErr()).toBe(true);
  });
});

describe("a type", () => {
  it.each(["fax", "__proto__", "constructor", "toString", "", "TEXT", 5, null, undefined, ["text"]])(
    "that is not known: %j",
    (type) => {
      const [problem] = parseContent(type, { body: "a" })._unsafeUnwrapErr();
      expect(problem?.path).toEqual(["type"]);
    },
  );
});

describe("the short way of a plain text", () => {
  // `unit: "binary"` takes a second to list all characters.
  const anyCharacter = fc.nat(0x10_ffff).map((code) => String.fromCodePoint(code));
  const pieces = fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.constantFrom("a", " ", "\r\n", "\r", "\n", "\0", "\u200B", "\uD800", "\uDC00", "😀", "a".repeat(4095), "\u3164"),
  );

  it("agrees with the schema", () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 4 }), (parts) => {
        const body = parts.join("");
        // A field that is undefined makes `parseContent` ask the schema.
        const bySchema = parseContent("text", { body, preview_url: undefined });
        expect(plainTextOf({ body })).toEqual(bySchema.isOk() ? contentObject(bySchema.value) : undefined);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [undefined],
    [null],
    ["a"],
    [["a"]],
    [{}],
    [{ body: 5 }],
    [{ body: "a", preview_url: undefined }],
    [{ text: "a" }],
  ])("leaves %j to the schema", (object: unknown) => {
    expect(plainTextOf(object)).toBeUndefined();
  });

  it("leaves an object of a class to the schema", () => {
    class Text {
      readonly body = "a";
    }
    expect(plainTextOf(new Text())).toBeUndefined();
    expect(plainTextOf(Object.create({ body: "a" }))).toBeUndefined();
  });
});
