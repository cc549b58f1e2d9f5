import { expect, it } from "vitest";

import { createManualClock } from "../in-memory/index.ts";
import { createSteadyTime } from "./steady-time.ts";

const hourMs = 3_600_000;
const start = new Date("2025-11-21T10:00:00Z");

it("starts at the wall clock's time and follows the monotonic clock", async () => {
  const clock = createManualClock(start);
  const time = createSteadyTime(clock);
  for (const stepMs of [hourMs, -3 * hourMs]) {
    clock.stepWall(stepMs);
    await clock.advance(500);
  }
  expect(time.now()).toBe(start.getTime() + 1000);
});

it("may start at another time", async () => {
  const clock = createManualClock(start);
  const time = createSteadyTime(clock, new Date(start.getTime() + hourMs));
  await clock.advance(500);
  expect(time.now()).toBe(start.getTime() + hourMs + 500);
  expect(time.toWall(time.now())).toEqual(clock.now());
});

it("converts a time of the wall clock by its distance from now", () => {
  const clock = createManualClock(start);
  const time = createSteadyTime(clock);
  clock.stepWall(-hourMs);
  const later = new Date(clock.now().getTime() + 5000);
  expect([time.of(later), time.toWall(time.of(later))]).toEqual([time.now() + 5000, later]);
});

it("has come to a time of the wall clock at once when the wall clock has", () => {
  let passedMs = 0;
  const wallStartMs = start.getTime() + 0.7;
  // Real clocks: the wall clock gives whole milliseconds, the monotonic one fractions.
  const clock = {
    now: () => new Date(Math.floor(wallStartMs + passedMs)),
    monotonicMs: () => 12.3 + passedMs,
    sleep: () => Promise.resolve(),
  };
  const time = createSteadyTime(clock);
  for (const passed of [0, 0.2, 0.4, 1.1, 1.9, 2.3, 1000.6]) {
    passedMs = passed;
    expect(time.of(clock.now())).toBeLessThanOrEqual(time.now());
    expect(time.of(new Date(clock.now().getTime() - 5))).toBeLessThanOrEqual(time.now() - 4);
    expect(time.of(new Date(clock.now().getTime() + 5))).toBeGreaterThanOrEqual(time.now() + 5);
  }
});

it("sleeps until one of its times", async () => {
  const clock = createManualClock(start);
  const time = createSteadyTime(clock);
  let isOver = false;
  const sleeping = time.sleepUntil(time.now() + 1000).then(() => (isOver = true));
  clock.stepWall(hourMs);
  await clock.advance(999);
  expect(isOver).toBe(false);
  await clock.advance(1);
  expect(await sleeping).toBe(true);
});

it("has reached the time that was slept until, even a fractional one", async () => {
  const clock = createManualClock(start);
  const time = createSteadyTime(clock);
  const at = time.now() + 100.5;
  await clock.runUntil(time.sleepUntil(at));
  expect(time.now()).toBeGreaterThanOrEqual(at);
});

it("is never early, and never goes back, even if the clocks have fractions", () => {
  let ms = 7.3;
  let wall = start.getTime() + 0.9;
  const clock = { now: () => new Date(Math.floor(wall)), monotonicMs: () => ms, sleep: () => Promise.resolve() };
  const time = createSteadyTime(clock);
  let before = time.now();
  for (let turn = 0; turn < 1000; turn += 1) {
    const dueAt = time.of(new Date(clock.now().getTime() + 100));
    expect(dueAt - time.now()).toBeGreaterThanOrEqual(100);
    expect(dueAt - time.now()).toBeLessThanOrEqual(102);
    ms += 0.37;
    wall += 0.37;
    expect(time.now()).toBeGreaterThanOrEqual(before);
    before = time.now();
  }
});
