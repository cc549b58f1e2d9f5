import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";

import { changed, full, interactive, minimal, objectsIn, problemsIn } from "../../test/contents.ts";
import { contentObject } from "./content.ts";
import { checkContent, messageTypes, parseContent } from "./parse-content.ts";

const canary = "CANARY-4711";

// Every field of every example is tried in many ways.
vi.setConfig({ testTimeout: 60_000 });

const examples: readonly (readonly [name: string, type: string, object: unknown])[] = [
  ...Object.entries(full).map(([type, object]) => [type, type, object] as const),
  ...Object.entries(interactive).map(([name, object]) => [name, "interactive", object] as const),
  ...minimal.map(([type, object]) => [`a small ${type}`, type, object] as const),
];

describe("an object of Meta's", () => {
  it.each(examples)("passes unchanged: %s", (_, type, object) => {
    const content = parseContent(type, object)._unsafeUnwrap();
    expect(content.type).toBe(type);
    expect(JSON.stringify(contentObject(content))).toBe(JSON.stringify(object));
  });

  it("has an example for each type", () => {
    expect(new Set(examples.map(([, type]) => type))).toEqual(new Set(messageTypes));
  });

  it.each(examples)("passes with unknown fields at any depth: %s", (_, type, object) => {
    for (const pointer of objectsIn(object)) {
      const extended = changed({ root: object }, `root${pointer}/new_field`, { a: [null, 1, canary] });
      const content = parseContent(type, extended.root)._unsafeUnwrap();
      expect(contentObject(content), pointer).toEqual(JSON.parse(JSON.stringify(extended.root)));
    }
  });

  it.each(examples)("can be changed by its owner after it was parsed: %s", (_, type, object) => {
    const given = structuredClone(object);
    const content = parseContent(type, given)._unsafeUnwrap();
    const before = JSON.stringify(content);
    for (const pointer of objectsIn(given)) Object.assign(at(given, pointer) as object, { type: "other", x: 1 });
    expect(JSON.stringify(content)).toBe(before);
  });
});

/** What is the sender's own, or belongs to a kind of button that is not known here. */
const unchecked = /data\/|\/components\/8\/parameters/;

describe("each known field", () => {
  it.each(examples)("has its type, and a problem points at it: %s", (_, type, object) => {
    const fields = objectsIn(object).flatMap((pointer) =>
      Object.keys(at(object, pointer) as object).map((field) => `${pointer}/${field}`),
    );
    for (const field of fields.filter((pointer) => !unchecked.test(pointer))) {
      const other = typeof at(object, field) === "boolean" ? "yes" : false;
      const found = problemsIn(type, changed({ root: object }, `root${field}`, other).root);
      expect(found.map(([pointer]) => `/${pointer}`)).toContain(field);
    }
  });

  it("has its index in the path of a problem", () => {
    expect(parseContent("contacts", [{ name: { formatted_name: "Ann" } }, 1])._unsafeUnwrapErr()).toEqual([
      { path: ["contacts", 1], detail: "must be an object" },
    ]);
  });
});

describe("a value that no store returns unchanged", () => {
  const objects = (depth: number): unknown => (depth === 0 ? 1 : { a: objects(depth - 1) });
  const arrays = (depth: number): unknown => (depth === 0 ? 1 : [arrays(depth - 1)]);

  it.each([
    ["a NUL", "a\u0000"],
    ["half of a surrogate pair", "\uD83D"],
    ["a NUL in a name", { [`${canary}\u0000`]: 1 }],
    ["an own __proto__", JSON.parse(`{"__proto__":{"${canary}":1}}`)],
    ["a backslash in a key", { [`${canary}\\`]: 1 }],
    ["a number that is none", Number.NaN],
    ["a bigint", 1n],
    ["a function", () => canary],
    ["a date", new Date(0)],
    ["a map", new Map([[canary, 1]])],
    ["a hole in an array", [1, undefined]],
    ["objects 33 deep", objects(32)],
    ["arrays 33 deep", arrays(32)],
  ])("is rejected in an unknown field: %s", (_, value) => {
    const problems = parseContent("text", { body: "a", [canary]: value })._unsafeUnwrapErr();
    expect(problems).toEqual([{ path: ["text"], detail: expect.any(String) }]);
    expect(JSON.stringify(problems)).not.toContain(canary);
  });

  it("is none at 32 levels of objects and arrays", () => {
    for (const nested of [objects(31), arrays(31)]) {
      expect(parseContent("text", { body: "a", nested })._unsafeUnwrap()).toMatchObject({ text: { nested } });
    }
  });

  it("is rejected: an object that contains itself", () => {
    const round: Record<string, unknown> = { body: "a" };
    Object.assign(round, { left: round, right: round });
    expect(parseContent("text", round).isErr()).toBe(true);
    expect(parseContent("contacts", [round]).isErr()).toBe(true);
  });

  it("is reported even if another field is null", () => {
    expect(problemsIn("image", { new_field: "a\u0000", id: "1", caption: null, link: null })).toEqual([
      ["", "contains a NUL character"],
    ]);
  });

  it("is not a field that is undefined, which is left out", () => {
    const content = parseContent("image", { id: "1", link: undefined, new_field: undefined })._unsafeUnwrap();
    expect(Object.keys(contentObject(content) as object)).toEqual(["id"]);
  });

  it("pollutes no prototype", () => {
    const hostile = [
      parseContent(
        "text",
        JSON.parse(`{"body":"a","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`),
      ),
      parseContent("interactive", JSON.parse(`{"type":"__proto__","__proto__":{"polluted":1}}`)),
    ];
    expect(hostile.map((parsed) => parsed.isErr())).toEqual([true, true]);
    expect((Object.prototype as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("the problems of a content", () => {
  it("are at most twenty", () => {
    expect(
      problemsIn(
        "contacts",
        Array.from({ length: 200 }, () => 1),
      ),
    ).toHaveLength(20);
  });

  it.each(examples)("never quote it: %s", (_, type, object) => {
    for (const pointer of objectsIn(object)) {
      for (const field of Object.keys(at(object, pointer) as object)) {
        for (const value of [canary.repeat(1000), [canary], { [canary]: canary }, `\u0000${canary}`]) {
          const odd = changed({ root: object }, `root${pointer}/${field}`, value);
          const problems = parseContent(type, odd.root).match(
            () => [],
            (found) => found,
          );
          expect(JSON.stringify(problems)).not.toContain(canary);
        }
      }
    }
  });

  it.each([undefined, null, 5, "text", true, [], [[]], {}])("point at the object itself: %j", (object) => {
    for (const type of messageTypes) expect(parseContent(type, object).isErr(), type).toBe(true);
  });
});

it("an unknown kind of interactive message passes unchanged", () => {
  for (const type of [
    "order_details",
    "address_message",
    "voice_call",
    "not yet invented",
    "__proto__",
    "constructor",
  ]) {
    const object = { type, body: 5, action: [null] };
    expect(contentObject(parseContent("interactive", object)._unsafeUnwrap())).toEqual(object);
  }
  expect(problemsIn("interactive", { type: 5 })).toEqual([["type", "must be a string"]]);
  expect(problemsIn("interactive", { body: { text: "a" } })).toEqual([["type", "is missing"]]);
});

describe("a field that is null", () => {
  it.each(examples)("counts as absent at any depth: %s", (_, type, object) => {
    for (const pointer of objectsIn(object)) {
      const without = { root: object };
      const given = changed(without, `root${pointer}/new_field`, null).root;
      expect(contentObject(parseContent(type, given)._unsafeUnwrap()), pointer).toEqual(object);
      for (const field of Object.keys(at(object, pointer) as object)) {
        const place = `root${pointer}/${field}`;
        expect(parseContent(type, changed(without, place, null).root), place).toEqual(
          parseContent(type, changed(without, place, undefined).root),
        );
      }
    }
  });

  it("keeps its place in an array", () => {
    const buttons = [null, { type: "reply", reply: { id: "1", title: "Yes" } }];
    expect(problemsIn("interactive", { type: "button", body: { text: "a" }, action: { buttons } })).toEqual([
      ["action/buttons/0", "must be an object"],
    ]);
  });

  it("is missing if it is required", () => {
    expect(problemsIn("text", null)).toEqual([["", "is missing"]]);
    expect(problemsIn("text", { body: null })).toEqual([["body", "is missing"]]);
  });
});

describe("a line break", () => {
  const lines = "one\r\ntwo\r\n\r\n";
  const joined = "one\ntwo\n\n";

  it.each([
    ["text", (text: string) => ({ body: text })],
    ["image", (text: string) => ({ id: "1", caption: text })],
    ["document", (text: string) => ({ id: "1", caption: text, filename: text })],
    ["location", (text: string) => ({ latitude: 1, longitude: 2, name: text, address: text })],
    ["contacts", (text: string) => [{ name: { formatted_name: text }, org: { company: text } }]],
    [
      "interactive",
      (text: string) => ({
        type: "button",
        header: { type: "text", text },
        body: { text },
        footer: { text },
        action: { buttons: [{ type: "reply", reply: { id: "1", title: text } }] },
      }),
    ],
    ["interactive", (text: string) => ({ type: "not yet invented", body: { text }, action: [text] })],
  ] as const)("becomes \\n in a text that a person writes: %s", (type, object) => {
    const content = parseContent(type, object(lines))._unsafeUnwrap();
    expect(contentObject(content)).toEqual(object(joined));
  });

  it("counts as one character", () => {
    expect(parseContent("text", { body: "\r\n".repeat(4095) + "a" }).isOk()).toBe(true);
    expect(problemsIn("text", { body: "\r\n".repeat(4096) + "a" })).toHaveLength(1);
  });

  it("is rejected in a template's parameter", () => {
    const parameters = [{ type: "text", text: "a\r\nb" }];
    const template = { name: "a", language: { code: "en" }, components: [{ type: "body", parameters }] };
    expect(problemsIn("template", template)).toEqual([
      ["components/0/parameters/0/text", "contains a newline, tab or other control character"],
    ]);
  });

  it("is rejected as \\r\\n in what WhatsApp returns", () => {
    const reply = { id: "a\r\nb", title: "Yes" };
    const action = { buttons: [{ type: "reply", reply }] };
    expect(problemsIn("interactive", { type: "button", body: { text: "a" }, action })).toEqual([
      ["action/buttons/0/reply/id", "contains a control character other than newline or tab"],
    ]);
  });
});

it("any JSON either passes unchanged but for its nulls or is rejected", () => {
  const known = fc.constantFrom(...examples);
  const strange = fc.tuple(fc.constant("strange"), fc.constantFrom(...messageTypes), fc.jsonValue());
  const mixed = fc.tuple(known, fc.nat(), fc.jsonValue()).map(([[name, type, object], place, value]) => {
    const pointers = objectsIn(object);
    const pointer = pointers[place % pointers.length] as string;
    const fields = Object.keys(at(object, pointer) as object);
    const field = fields[place % fields.length] ?? "x";
    return [name, type, changed({ root: object }, `root${pointer}/${field}`, value).root] as const;
  });
  fc.assert(
    fc.property(fc.oneof(strange, mixed), ([, type, object]) => {
      const parsed = parseContent(type, object);
      if (parsed.isErr()) expect(parsed.error.length).toBeGreaterThan(0);
      else expect(JSON.stringify(contentObject(parsed.value))).toBe(JSON.stringify(withoutNulls(object)));
    }),
    { numRuns: 500 },
  );
});

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(fields.map(([key, member]) => [key, withoutNulls(member)]));
}

function at(object: unknown, pointer: string): unknown {
  const steps = pointer.split("/").slice(1);
  return steps.reduce((value, step) => (value as Record<string, unknown>)[step], object);
}

describe("a content that was parsed", () => {
  const parsed = () => parseContent("contacts", [{ name: { formatted_name: "Ann" }, phones: [] }])._unsafeUnwrap();
  const reaction = () => parseContent("reaction", { message_id: "wamid.1", emoji: "👍" })._unsafeUnwrap();

  it("is not checked again", () => {
    const checks = vi.spyOn(Intl.Segmenter.prototype, "segment");
    const content = reaction();
    expect(checkContent(content)._unsafeUnwrap()).toBe(content);
    expect(checks).toHaveBeenCalledTimes(1);
    expect(checkContent({ ...content })._unsafeUnwrap()).toEqual(content);
    expect(checks).toHaveBeenCalledTimes(2);
    checks.mockRestore();
  });

  it("cannot be changed, at any depth", () => {
    const content = parsed() as any;
    for (const change of [
      () => (content.type = "text"),
      () => (content.contacts = []),
      () => content.contacts.push({}),
      () => (content.contacts[0].name = {}),
      () => (content.contacts[0].name.formatted_name = ""),
      () => content.contacts[0].phones.push(5),
    ]) {
      expect(change).toThrow(TypeError);
    }
    expect(content).toEqual(parsed());
  });

  it("is checked as a copy with changes", () => {
    expect(checkContent({ ...reaction(), reaction: { message_id: "wamid.1", emoji: "no" } }).isErr()).toBe(true);
    expect(checkContent({ ...parsed(), type: "text" }).isErr()).toBe(true);
  });
});
