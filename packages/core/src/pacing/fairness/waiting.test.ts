import { okAsync, ResultAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { createTraffic } from "../../../test/traffic.ts";
import { createManualClock } from "../../in-memory/index.ts";
import type { Clock } from "../../ports/clock.ts";
import { createPacer } from "../pacer.ts";

describe("a wait that is longer than the deadline", () => {
  it("is refused at once, and takes no slot", async () => {
    const { clock, send, sendMany, left, leaving } = createTraffic();
    sendMany(312 + 80);
    await leaving(0);
    const held = (await send({ waitMs: 4000 }).result)._unsafeUnwrapErr();
    expect(held.reason).toContain("number-1: 312 messages are ahead, and this number sends at most 80 per second");
    expect(held.retryAt.getTime() - clock.now().getTime()).toBeGreaterThan(4000);
    const later = (await send({ waitMs: 4000 }).result)._unsafeUnwrapErr();
    expect(later.retryAt.getTime()).toBeGreaterThan(held.retryAt.getTime());
    await leaving(20_000);
    expect(left).toHaveLength(392);
  });

  it("is refused at the deadline if it was not foreseeable, and the next ones continue", async () => {
    const { clock, send, leaving } = createTraffic({ permits: 1 });
    send({ takesMs: 2000 });
    const impatient = send({ waitMs: 1000 });
    send();
    expect(await leaving(1000)).toHaveLength(1);
    expect((await impatient.result)._unsafeUnwrapErr()).toMatchObject({
      cause: "limit",
      retryAt: new Date(clock.now().getTime() + 1000),
    });
    expect(await leaving(1000)).toHaveLength(1);
  });
});

describe("a waiter that gives up", () => {
  const recipient = { to: "+628123456789" };

  it("at its recipient does not delay those behind it", async () => {
    const { send, leaving } = createTraffic();
    send({ ...recipient, takesMs: 3000 });
    const impatient = send({ ...recipient, waitMs: 1000 });
    send(recipient);
    expect(await leaving(2999)).toHaveLength(1);
    (await impatient.result)._unsafeUnwrapErr();
    expect(await leaving(1000)).toHaveLength(1);
  });

  it("at a permit does not delay others to the same recipient", async () => {
    const { send, leaving } = createTraffic({ permits: 1 });
    send({ takesMs: 3000 });
    const impatient = send({ ...recipient, waitMs: 1000 });
    send(recipient);
    expect(await leaving(2999)).toHaveLength(1);
    (await impatient.result)._unsafeUnwrapErr();
    expect(await leaving(1)).toHaveLength(1);
  });
});

describe("waits of one number", () => {
  it("share one timer, and each ends at its own deadline", async () => {
    const manual = createManualClock();
    let timers = 0;
    const sleep: Clock["sleep"] = async (ms, woken) => {
      timers += 1;
      await manual.sleep(ms, woken);
      timers -= 1;
    };
    const pacer = createPacer({ clock: { ...manual, sleep }, permits: 1, rates: false });
    const startedAt = manual.now().getTime();
    const held = Promise.withResolvers<void>();
    const refusedAt = new Map<number, number>();
    const send = (index: number, waitMs: number, work: () => ResultAsync<void, never>) =>
      pacer.withPermit(
        { tenantId: "tenant-1", phoneNumberId: "number-1", to: `+62812${index}`, isRetry: false },
        new Date(startedAt + waitMs),
        work,
      );
    const holder = send(0, 0, () => ResultAsync.fromSafePromise(held.promise));
    const waits = Array.from({ length: 100 }, async (_, index) => {
      const waitMs = 1000 * (1 + ((index * 7) % 10));
      (await send(index + 1, waitMs, () => okAsync(undefined)))._unsafeUnwrapErr();
      refusedAt.set(index, manual.now().getTime() - startedAt - waitMs);
    });
    await manual.advance(1);
    expect(timers).toBe(1);
    await manual.advance(10_000);
    expect([...new Set(refusedAt.values())]).toEqual([0]);
    expect(refusedAt.size).toBe(100);
    expect(timers).toBe(0);
    held.resolve();
    await Promise.all([holder, ...waits]);
  });
});
