import { describe, expect, it } from "vitest";

import { problemsIn } from "../../test/contents.ts";

const pointers = (emoji: unknown, message_id: unknown = "wamid.1") =>
  problemsIn("reaction", { message_id, emoji }).map(([where]) => where);

describe("a reaction", () => {
  it.each(["", "😀", "👍🏽", "❤", "❤️", "👨‍👩‍👧‍👦", "🇮🇩", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "🏳️‍🌈", "\uD83D\uDE00"])("is %s", (emoji) => {
    expect(pointers(emoji)).toEqual([]);
  });

  it.each(["😀😀", "😀a", "a", "1", " ", ":)", `😀${"\u0301".repeat(100)}`, "😀 ", "\uD83D", 5, null, undefined])(
    "is not %j",
    (emoji) => {
      expect(pointers(emoji)).toEqual(["emoji"]);
    },
  );

  it("names its message", () => {
    expect(pointers("😀", "wamid.HBgLM...")).toEqual([]);
    for (const id of ["", "a b", "é", "w".repeat(513), 5, undefined, null]) {
      expect(problemsIn("reaction", { message_id: id, emoji: "" }).map(([where]) => where)).toEqual(["message_id"]);
    }
  });
});
