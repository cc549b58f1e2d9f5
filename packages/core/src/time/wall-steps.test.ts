import { beforeEach, describe, expect, it } from "vitest";

import { createManualClock, type ManualClock } from "../in-memory/index.ts";
import { createWallSteps, type WallSteps } from "./wall-steps.ts";

const hourMs = 3_600_000;

let manual: ManualClock;
let steps: WallSteps;
beforeEach(() => {
  manual = createManualClock();
  steps = createWallSteps(manual);
});

/** What the clock says; it is set so long after that, while time passes. */
async function stepped(...stepsMs: readonly number[]): Promise<Date> {
  const at = steps.clock.now();
  for (const stepMs of stepsMs) {
    await manual.advance(1000);
    manual.stepWall(stepMs);
    steps.clock.now();
    await manual.advance(1000);
  }
  return at;
}

describe("since a recorded time the clock was set", () => {
  it.each([
    [],
    [hourMs],
    [-hourMs],
    [2 * hourMs, -hourMs],
    [-hourMs, -hourMs],
    [-hourMs, 3 * hourMs],
    [30_000, -90_000],
  ])("by all that came after it: %i %i", async (...stepsMs) => {
    await manual.advance(10_000);
    const at = await stepped(...stepsMs);
    expect(steps.since(at)).toBe(stepsMs.reduce((sum, stepMs) => sum + stepMs, 0));
    expect(steps.since(steps.clock.now())).toBe(0);
    const passed = steps.clock.now().getTime() - steps.shifted(at, at).getTime();
    expect(passed).toBe(2000 * stepsMs.length);
  });

  it("not at all, if it was not, however long ago the time is", async () => {
    const at = steps.clock.now();
    for (let day = 0; day < 30; day += 1) {
      // Kept right by a few milliseconds a day.
      manual.stepWall(day % 2 === 0 ? 40 : 30);
      await manual.advance(24 * hourMs);
      steps.clock.now();
    }
    expect(steps.since(at)).toBe(0);
  });

  it("for times before the process started, by the changes since", async () => {
    const at = new Date(manual.now().getTime() - 24 * hourMs);
    await stepped(2 * hourMs);
    expect(steps.since(at)).toBe(2 * hourMs);
  });

  it("not, if nobody can tell: for a time that the clock never showed", async () => {
    const at = steps.clock.now();
    await stepped(hourMs);
    expect(steps.since(new Date(at.getTime() + hourMs / 2))).toBe(0);
  });

  it("for a future time of an earlier process, which counts as the start of this one", async () => {
    const ahead = new Date(manual.now().getTime() + hourMs);
    await manual.advance(1500);
    expect(steps.shifted(ahead, ahead)).toEqual(new Date(manual.now().getTime() - 1500));
  });
});

it("a step between two calls is noticed by the second", async () => {
  const at = steps.clock.now();
  await manual.advance(5000);
  manual.stepWall(-hourMs);
  expect(steps.since(at)).toBe(-hourMs);
});
