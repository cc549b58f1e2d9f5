import { expect, it } from "vitest";

import { createTurns } from "./turns.ts";

const all = () => true;

it("takes tenant after tenant, and of each its items in the order in which they came", () => {
  const turns = createTurns<string>();
  for (const item of ["a1", "a2", "a3", "b1", "c1", "c2"]) turns.add(item.slice(0, 1), item);
  const taken = Array.from({ length: 6 }, () => turns.take(all));
  expect(taken).toEqual(["a1", "b1", "c1", "a2", "c2", "a3"]);
  expect([turns.isEmpty, turns.take(all)]).toEqual([true, undefined]);
});

it("puts an item that comes again behind the others of its tenant, and a tenant that comes later behind the others", () => {
  const turns = createTurns<string>();
  for (const item of ["a1", "a2", "b1"]) turns.add(item.slice(0, 1), item);
  expect(turns.take(all)).toBe("a1");
  turns.add("a", "a1");
  turns.add("c", "c1");
  expect(Array.from({ length: 4 }, () => turns.take(all))).toEqual(["b1", "a2", "c1", "a1"]);
});

it("passes over tenants that may have none, who keep their turn", () => {
  const turns = createTurns<string>();
  for (const item of ["a1", "b1"]) turns.add(item.slice(0, 1), item);
  expect(turns.take((tenant) => tenant !== "a")).toBe("b1");
  expect(turns.take((tenant) => tenant !== "a")).toBeUndefined();
  turns.remove("b", "b1");
  expect(turns.take(all)).toBe("a1");
});
