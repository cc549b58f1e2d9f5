import fc from "fast-check";
import { expect, it } from "vitest";

import { decodeCursor, encodeCursor } from "./cursor.ts";

const position = { at: new Date("2025-11-21T10:00:00.123Z"), name: "a b\n👍🏽" };
const cursor = encodeCursor(position, "list");

it("a cursor leads to its position, in the list that it was made for", () => {
  expect(decodeCursor(cursor, "list")).toEqual(position);
  expect(decodeCursor(cursor, "another list")).toBeUndefined();
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), fc.string({ minLength: 1 }), (at, name) => {
      expect(decodeCursor(encodeCursor({ at, name }, "list"), "list")).toEqual({ at, name });
    }),
  );
});

it("what was changed is no cursor", () => {
  for (let index = 0; index < cursor.length; index += 1) {
    const other = cursor[index] === "A" ? "B" : "A";
    expect(decodeCursor(cursor.slice(0, index) + other + cursor.slice(index + 1), "list")).toBeUndefined();
  }
  for (const text of ["", "A", `${cursor}=`, `${cursor}A`, cursor.slice(1), cursor.slice(0, -1), ` ${cursor}`]) {
    expect(decodeCursor(text, "list")).toBeUndefined();
  }
});
