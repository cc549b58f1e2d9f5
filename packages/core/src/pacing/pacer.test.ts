import { describe, expect, it } from "vitest";

import { createTraffic } from "../../test/traffic.ts";

describe("options", () => {
  it.each([{ permits: 0 }, { numberPerSecond: 0.5 }, { pairBurst: Number.NaN }])("%o are refused", (options) => {
    expect(() => createTraffic(options)).toThrow(RangeError);
  });
});
