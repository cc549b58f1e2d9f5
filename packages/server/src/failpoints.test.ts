import type { MessageSenderPorts } from "@message-sender/core";
import { describe, expect, it } from "vitest";

import { createFailpoints, failpointNames } from "./failpoints.ts";

describe("FAILPOINTS", () => {
  it("accepts every point, with a number of hits and with stop", () => {
    for (const name of failpointNames) {
      expect(() => createFailpoints(`${name}, stop ${name}=3`)).not.toThrow();
    }
    expect(() => createFailpoints("off")).not.toThrow();
  });

  it("wraps nothing if no point is armed: the memory of a long run is that of the server alone", () => {
    const ports = {} as MessageSenderPorts;
    expect(createFailpoints("off").decorate(ports)).toBe(ports);
  });

  it.each(["after nothing", "before history.store=0", "before history.store=", ""])("refuses %j", (text) => {
    expect(() => createFailpoints(text)).toThrow(`FAILPOINTS: unknown point "${text}"`);
  });
});
