import { expect, it } from "vitest";

import { once } from "./once.ts";

it("makes a value when it is first asked for, and once only, even if the value is undefined", () => {
  let made = 0;
  const value = once(() => void (made += 1));
  expect(made).toBe(0);
  value();
  value();
  expect(made).toBe(1);
});
