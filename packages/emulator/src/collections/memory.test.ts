import { expect, test } from "vitest";

import { createMemory } from "./memory.ts";

test("restores what was saved into the collections of those names", () => {
  const one = createMemory();
  one.map("numbers").set("1", { name: "One" });
  one.map("empty");
  const other = createMemory();
  const numbers = other.map("numbers");
  numbers.set("2", { name: "Two" });
  other.restore(one.save());
  expect([...numbers]).toEqual([["1", { name: "One" }]]);
  expect(other.save()).toEqual({ numbers: [["1", { name: "One" }]] });
});

test("has each name once, and knows no others", () => {
  const memory = createMemory();
  memory.map("numbers");
  expect(() => memory.map("numbers")).toThrow("two collections numbers");
  expect(() => memory.restore({ moons: [] })).toThrow('no collection "moons"');
});
