import { expect, it } from "vitest";

import { createManualClock } from "../../in-memory/index.ts";
import { createLeaseWatch } from "./lease-watch.ts";

it("is one lease as long as it is renewed, and none while it is over", async () => {
  const clock = createManualClock();
  let beatMs = 0;
  const watch = createLeaseWatch(
    { validForMs: () => Math.max(0, beatMs + 3000 - clock.monotonicMs()), surplus: () => 0 },
    clock,
  );
  const first = watch.current();
  expect(first).toBeDefined();
  for (let second = 0; second < 10; second += 1) {
    await clock.advance(1000);
    beatMs = clock.monotonicMs();
    expect(watch.current()).toBe(first);
  }
  await clock.advance(3000);
  expect(watch.current()).toBeUndefined();
});

it("is another lease after one that was over, also if nobody looked meanwhile", async () => {
  const clock = createManualClock();
  let beatMs = 0;
  const watch = createLeaseWatch(
    { validForMs: () => Math.max(0, beatMs + 3000 - clock.monotonicMs()), surplus: () => 0 },
    clock,
  );
  const first = watch.current();
  // The process is paused, and its heartbeat is the first that runs as it wakes.
  await clock.advance(60_000);
  beatMs = clock.monotonicMs();
  expect(watch.current()).toBeDefined();
  expect(watch.current()).not.toBe(first);
});
