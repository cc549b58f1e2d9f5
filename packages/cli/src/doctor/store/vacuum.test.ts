import { expect, it } from "vitest";

import { vacuumOf } from "./vacuum.ts";

it("warns of a transaction that keeps the vacuum from its work for five minutes", () => {
  expect(vacuumOf({ longestTransactionSeconds: 299 })).toEqual([]);
  expect(vacuumOf({})).toEqual([]);
  expect(vacuumOf({ longestTransactionSeconds: 420 })).toEqual([
    expect.objectContaining({ isWarning: true, problem: expect.stringContaining("has run for 7 minutes") }),
  ]);
});
