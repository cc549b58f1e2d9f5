import { expect, it } from "vitest";

import { createManualClock } from "../../in-memory/index.ts";
import { createLeaseWatch } from "./lease-watch.ts";

/** Watches a lease of three seconds, which `beat` renews. */
function watchManually() {
  const clock = createManualClock();
  let beatMs = 0;
  const lease = { validForMs: () => Math.max(0, beatMs + 3000 - clock.monotonicMs()), surplus: () => 0 };
  return { clock, watch: createLeaseWatch(lease, clock), beat: () => void (beatMs = clock.monotonicMs()) };
}

it("is one lease as long as it is renewed, and none while it is over", async () => {
  const { clock, watch, beat } = watchManually();
  const first = watch.current();
  expect(first).toBeDefined();
  for (let second = 0; second < 10; second += 1) {
    await clock.advance(1000);
    beat();
    expect(watch.current()).toBe(first);
  }
  await clock.advance(3000);
  expect(watch.current()).toBeUndefined();
});

it("is another lease after one that was over, also if nobody looked meanwhile", async () => {
  const { clock, watch, beat } = watchManually();
  const first = watch.current();
  // The process is paused, and its heartbeat is the first that runs as it wakes.
  await clock.advance(60_000);
  beat();
  expect(watch.current()).toBeDefined();
  expect(watch.current()).not.toBe(first);
});
