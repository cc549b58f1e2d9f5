import { describe, expect, it } from "vitest";

import { problemsIn } from "../../test/contents.ts";

const pointers = (type: string, object: unknown) => problemsIn(type, object).map(([pointer]) => pointer);

describe.each(["image", "video", "audio", "document", "sticker"])("%s", (type) => {
  it.each(["1", "a".repeat(512), "<MEDIA_OBJECT_ID>", "!~"])("has an id: %s", (id) => {
    expect(pointers(type, { id })).toEqual([]);
  });

  it.each(["", "a".repeat(513), "a b", "é", "a\n", 5, {}])("does not have an id: %j", (id) => {
    expect(pointers(type, { id })).toEqual(["id"]);
  });

  it.each([{}, { id: "1", link: "https://example.com/a" }, { caption: "a" }, { id: null }])(
    "is named in one way: %j",
    (object) => {
      expect(problemsIn(type, object)).toEqual([["", "must have exactly one of id and link"]]);
    },
  );
});

describe.each(["image", "video", "document"])("the caption of %s", (type) => {
  it.each(["", " ", "a\n\tb", "a".repeat(1024), "😀".repeat(1024)])("is accepted: %#", (caption) => {
    expect(pointers(type, { id: "1", caption })).toEqual([]);
  });

  it.each(["a".repeat(1025), "😀".repeat(1025), "a\r", "a\u0000", "\uD83D", 5])("is rejected: %#", (caption) => {
    expect(pointers(type, { id: "1", caption })).toEqual(["caption"]);
  });
});

it("voice is a boolean and filename a string", () => {
  expect(pointers("audio", { id: "1", voice: false })).toEqual([]);
  expect(pointers("audio", { id: "1", voice: "true" })).toEqual(["voice"]);
  expect(pointers("document", { id: "1", filename: "a\u001B.pdf" })).toEqual(["filename"]);
});
