import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { exampleCommand } from "../contracts/fixtures.ts";
import type { MessageQueue } from "../ports/store/message-queue.ts";
import { createMessageSender } from "../use-cases/message-sender.ts";
import { createManualClock, createTestPorts } from "./index.ts";

const dayMs = 86_400_000;

describe("a manual clock", () => {
  it("lets a month pass in tens of thousands of steps while a sender works in the background four times a second", async () => {
    const ports = createTestPorts();
    let rounds = 0;
    const claim: MessageQueue["claim"] = (limit) => ((rounds += 1), ports.queue.claim(limit));
    const sender = createMessageSender({ ...ports, queue: { ...ports.queue, claim } });
    sender.start();
    expect((await ports.clock.runUntil(sender.send(exampleCommand))).isOk()).toBe(true);
    const startedAt = ports.clock.now().getTime();
    await ports.clock.advance(31 * dayMs);
    expect(ports.clock.now().getTime() - startedAt).toBe(31 * dayMs);
    // Each of them takes tens of microseconds; four a second would be 11 million.
    expect(rounds).toBeGreaterThan(15_000);
    expect(rounds).toBeLessThan(60_000);
  });

  it("lets the background work delete a message that is past its retention in that month", async () => {
    const ports = createTestPorts();
    const sender = createMessageSender(ports);
    sender.start();
    const sent = await ports.clock.runUntil(sender.send(exampleCommand));
    const { id } = sent._unsafeUnwrap().message;
    await ports.clock.advance(29 * dayMs);
    expect((await sender.find(id)).isOk()).toBe(true);
    await ports.clock.advance(2 * dayMs);
    expect((await sender.find(id)).isErr()).toBe(true);
  });

  it("wakes sleepers in order and never early: exactly on time at first, later at most ten minutes late", async () => {
    const waits = fc.array(
      fc.oneof(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 3_600_000 }),
        fc.integer({ min: 1, max: dayMs }),
      ),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(waits, fc.array(fc.nat(2 * dayMs), { minLength: 1, maxLength: 3 }), async (sleeps, advances) => {
        const clock = createManualClock();
        const woken: { readonly dueAt: number; readonly at: number; readonly exact: boolean }[] = [];
        let begunMs = 0;
        let wakeUps = 0;
        const repeat = async (ms: number, times: number) => {
          for (let turn = 0; turn < times; turn += 1) {
            const dueAt = clock.monotonicMs() + ms;
            await clock.sleep(ms);
            const at = clock.monotonicMs();
            woken.push({ dueAt, at, exact: wakeUps < 10_000 || at - begunMs < 3_600_000 });
            wakeUps += 1;
          }
        };
        // One that brings the clock to its long steps, and others beside it.
        const sleeping = [repeat(1000, 12_000), ...sleeps.map((ms) => repeat(ms, 1000))];
        for (const ms of advances) {
          begunMs = clock.monotonicMs();
          wakeUps = 0;
          await clock.advance(ms);
          expect(clock.monotonicMs()).toBe(begunMs + ms);
        }
        expect(sleeping).toHaveLength(sleeps.length + 1);
        const times = woken.map(({ dueAt }) => dueAt);
        expect(times).toEqual(times.toSorted((one, other) => one - other));
        for (const { dueAt, at, exact } of woken) {
          expect(at).toBeGreaterThanOrEqual(dueAt);
          expect(at - dueAt).toBeLessThanOrEqual(exact ? 0 : 600_000);
        }
      }),
      { numRuns: 5 },
    );
  });

  it("runs work that also waits in real time between its sleeps", async () => {
    const clock = createManualClock();
    const real = () => new Promise<void>((resolve) => setTimeout(resolve, 5));
    const work = async () => {
      await real();
      await clock.sleep(60_000);
      await real();
      await clock.sleep(60_000);
      return clock.monotonicMs();
    };
    expect(await clock.runUntil(work())).toBe(120_000);
  });

  it("rejects when the work rejects", async () => {
    const clock = createManualClock();
    const work = async () => {
      await clock.sleep(1000);
      throw new Error("work failed");
    };
    await expect(clock.runUntil(work())).rejects.toThrow("work failed");
  });
});
