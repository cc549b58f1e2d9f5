import { expect, it } from "vitest";

import { createHourly } from "./hourly.ts";

it("is due at first, once an hour, and again once it was cleared; each key for itself", () => {
  let now = 0;
  const hourly = createHourly(() => now);
  const due = () => ["a", "b"].filter((key) => hourly.isDue(key));
  expect(due()).toEqual(["a", "b"]);
  now = 3_599_999;
  hourly.clear("b");
  expect(due()).toEqual(["b"]);
  now = 3_600_000;
  expect(due()).toEqual(["a"]);
});
