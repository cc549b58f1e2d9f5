import { setImmediate } from "node:timers/promises";

import { expect, test } from "vitest";

import { currentTraceparent, runWithTraceparent } from "./trace-context.ts";

test("work carries the traceparent that it was started with, across awaits and apart from other work", async () => {
  const work = (traceparent: string) =>
    runWithTraceparent(traceparent, async () => {
      await setImmediate();
      return currentTraceparent();
    });
  expect(await Promise.all([work("a"), work("b")])).toEqual(["a", "b"]);
});

test("outside of such work there is none", () => {
  expect(currentTraceparent()).toBeUndefined();
  expect(runWithTraceparent("a", () => runWithTraceparent(undefined, currentTraceparent))).toBeUndefined();
});
