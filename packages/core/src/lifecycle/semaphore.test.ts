import { errAsync, okAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { createManualClock } from "../in-memory/index.ts";
import { createSemaphore, type Semaphore } from "./semaphore.ts";

let clock: ReturnType<typeof createManualClock>;
beforeEach(() => {
  clock = createManualClock();
});

const at = (ms: number) => clock.monotonicMs() + ms;

/** Work that goes on until it is told to end. */
function hold(permits: Semaphore, deadlineMs = at(60_000)) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let began = false;
  const result = permits.withPermit(deadlineMs, () => {
    began = true;
    return ResultAsync.fromSafePromise(promise);
  });
  return { result, end: resolve, hasBegun: () => began };
}

describe("permits", () => {
  it("let so many work at a time", async () => {
    const permits = createSemaphore(2, clock);
    const works = [1, 2, 3].map(() => hold(permits));
    await clock.advance(0);
    expect(works.map((work) => work.hasBegun())).toEqual([true, true, false]);
  });

  it("go to the first waiter, whoever comes later", async () => {
    const permits = createSemaphore(1, clock);
    const [first, second, third] = [hold(permits), hold(permits), hold(permits)];
    await clock.advance(0);
    first.end();
    const late = hold(permits);
    await clock.advance(0);
    expect([second, third, late].map((work) => work.hasBegun())).toEqual([true, false, false]);
    second.end();
    await clock.advance(0);
    expect([third, late].map((work) => work.hasBegun())).toEqual([true, false]);
  });

  it("are released however the work ends", async () => {
    const permits = createSemaphore(1, clock);
    expect((await permits.withPermit(at(0), () => errAsync("no")))._unsafeUnwrapErr()).toBe("no");
    const thrown = permits.withPermit(at(0), () => {
      throw new Error("a defect");
    });
    await expect(Promise.resolve(thrown)).rejects.toThrow("a defect");
    expect((await permits.withPermit(at(0), () => okAsync(1)))._unsafeUnwrap()).toBe(1);
  });

  it("that are not free by the deadline leave the work undone", async () => {
    const permits = createSemaphore(1, clock);
    const holder = hold(permits);
    const late = hold(permits, at(1000));
    await clock.advance(1000);
    expect((await late.result)._unsafeUnwrapErr()).toMatchObject({ kind: "RateLimited", retryAt: expect.any(Date) });
    holder.end();
    await clock.advance(1000);
    expect(late.hasBegun()).toBe(false);
  });

  it("are not lost when a waiter has given up", async () => {
    const permits = createSemaphore(1, clock);
    const holder = hold(permits);
    const impatient = hold(permits, at(1000));
    const patient = hold(permits);
    await clock.advance(1000);
    (await impatient.result)._unsafeUnwrapErr();
    holder.end();
    await clock.advance(0);
    expect(patient.hasBegun()).toBe(true);
    patient.end();
    await clock.advance(0);
    expect((await permits.withPermit(at(0), () => okAsync(1))).isOk()).toBe(true);
  });

  it("are not lost when one is released exactly at the deadline", async () => {
    const permits = createSemaphore(1, clock);
    const holder = permits.withPermit(at(0), () => ResultAsync.fromSafePromise(clock.sleep(1000)));
    const waiting = permits.withPermit(at(1000), () => okAsync("worked"));
    await clock.advance(1000);
    await Promise.all([holder, waiting]);
    expect((await permits.withPermit(at(0), () => okAsync(1))).isOk()).toBe(true);
  });
});
