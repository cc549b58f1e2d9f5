import { expect, it } from "vitest";

import { partitionsOf } from "./partitions.ts";

it("warns of a large default partition, unless a server is about to attach it", () => {
  const large = { bytes: 80 * 1024 * 1024, isLarge: true, isBeingAttached: false };
  expect(partitionsOf({})).toEqual([]);
  expect(partitionsOf({ defaultPartition: { ...large, isLarge: false } })).toEqual([]);
  expect(partitionsOf({ defaultPartition: { ...large, isBeingAttached: true } })).toEqual([]);
  expect(partitionsOf({ defaultPartition: large })).toEqual([
    expect.objectContaining({ isWarning: true, problem: expect.stringMatching(/default partition has 8\d(\.\d)? MB/) }),
  ]);
});
