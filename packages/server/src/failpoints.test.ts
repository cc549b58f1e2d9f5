import { describe, expect, it } from "vitest";

import { createFailpoints, failpointNames } from "./failpoints.ts";

describe("FAILPOINTS", () => {
  it("accepts every point, with a number of hits and with stop", () => {
    for (const name of failpointNames) {
      expect(() => createFailpoints(`${name}, stop ${name}=3`)).not.toThrow();
    }
    expect(() => createFailpoints("off")).not.toThrow();
  });

  it.each(["after nothing", "before history.store=0", "before history.store=", ""])("refuses %j", (text) => {
    expect(() => createFailpoints(text)).toThrow(`FAILPOINTS: unknown point "${text}"`);
  });
});
