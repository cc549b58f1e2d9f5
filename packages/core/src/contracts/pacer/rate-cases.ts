import { okAsync, ResultAsync } from "neverthrow";
import { expect } from "vitest";

import type { RateKey } from "../../ports/pacer.ts";
import type { Case } from "../contract.ts";
import { minuteMs, start } from "./steps.ts";
import type { PacerSubject } from "./subject.ts";

/** Promises about the rate of a number. A pacer without rates cannot show them. */
export const pacerRateCases: readonly Case<PacerSubject>[] = [
  {
    name: "A number keeps to `numberPerSecond` from the next call on that says another figure",
    async run(subject) {
      expect(await ranSoon(subject, () => ({ numberPerSecond: 2 }))).toBeLessThanOrEqual(slowly);
      await subject.advance(minuteMs);
      expect(await ranSoon(subject, () => ({ numberPerSecond: 20 }))).toBe(many);
      await subject.advance(minuteMs);
      expect(await ranSoon(subject, () => ({ numberPerSecond: 2 }))).toBeLessThanOrEqual(slowly);
    },
  },
  {
    name: "Where its outlets say different figures, it keeps to the lowest",
    async run(subject) {
      const outlets = [
        { outletId: "slow", numberPerSecond: 2 },
        { outletId: "fast", numberPerSecond: 20 },
      ];
      expect(await ranSoon(subject, (index) => outlets[index % 2])).toBeLessThanOrEqual(slowly);
    },
  },
  {
    name: "It keeps to it however long an attempt takes to get ready",
    async run(subject) {
      const { clock } = subject;
      const readyMs = clock.monotonicMs() + 5000;
      let sent = 0;
      for (let index = 0; index < many; index += 1) {
        const rateKey = { ...subject.rateKey, to: `+62812345${1000 + index}`, numberPerSecond: 2 };
        start({ ...subject, rateKey }, (permit) => {
          const ready = clock.sleep(readyMs - clock.monotonicMs()).then(() => permit.awaitSlot());
          return ResultAsync.fromSafePromise(ready).map((noSlot) => (sent += noSlot ? 0 : 1));
        });
      }
      for (let turn = 0; turn < 80; turn += 1) await subject.advance(100);
      expect(sent).toBeGreaterThan(0);
      expect(sent).toBeLessThanOrEqual(slowly);
    },
  },
];

const many = 20;
/** What two a second start within three seconds at most. */
const slowly = 8;

/** How many of twenty attempts, each to somebody else, start within three seconds. */
async function ranSoon(
  subject: PacerSubject,
  limitOf: (index: number) => Partial<RateKey> | undefined,
): Promise<number> {
  let ran = 0;
  let isOver = false;
  for (let index = 0; index < many; index += 1) {
    const rateKey = { ...subject.rateKey, to: `+62812345${1000 + index}`, ...limitOf(index) };
    start({ ...subject, rateKey }, () => {
      if (!isOver) ran += 1;
      return okAsync(index);
    });
  }
  for (let turn = 0; turn < 30; turn += 1) await subject.advance(100);
  isOver = true;
  return ran;
}
