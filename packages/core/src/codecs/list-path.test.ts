import { expect, it } from "vitest";

import { firstPosition, listPathOf } from "./list-path.ts";

it.each([
  [{ tenantIds: ["a"], status: "failed", to: "+1", conversationId: "c", reference: "r" }, "reference"],
  [{ tenantIds: ["a"], status: "unknown", to: "+1", conversationId: "c" }, "conversation"],
  [{ tenantIds: ["a"], status: "unknown", to: "+1" }, "recipient"],
  [{ tenantIds: ["a"], status: "unknown" }, "attention"],
  [{ tenantIds: ["a"], status: "sent" }, "tenant"],
  [{ status: "sent" }, "age"],
] as const)("a list of %o reads an index of its filters", (filter, path) => {
  expect(listPathOf({ ...filter, limit: 1 })).toBe(path);
});

it("a list begins behind the older of its position and its end", () => {
  const position = { acceptedAt: new Date(5), number: 3 };
  const end = (ms: number) => ({ acceptedAt: new Date(ms), number: 0 });
  expect(firstPosition(undefined, undefined)).toBeUndefined();
  expect(firstPosition(position, undefined)).toEqual(position);
  expect(firstPosition(undefined, new Date(5))).toEqual(end(5));
  expect(firstPosition(position, new Date(6))).toEqual(position);
  for (const ms of [4, 5]) expect(firstPosition(position, new Date(ms))).toEqual(end(ms));
});
