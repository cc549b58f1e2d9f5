import { ResultAsync, err, errAsync, ok, okAsync } from "neverthrow";
import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { hold, hourMs, minuteMs, start, within } from "./steps.ts";
import type { PacerSubject } from "./subject.ts";
import { fails, succeeds } from "../results.ts";

export const pacerPermitCases: readonly Case<PacerSubject>[] = [
  {
    name: "returns its result",
    async run(subject) {
      const given = [ok(5), err({ kind: "Mine" })] as const;
      for (const result of given) {
        expect(await within(subject, () => (result.isOk() ? okAsync(result.value) : errAsync(result.error)))).toEqual(
          result,
        );
      }
    },
  },
  {
    name: "releases the permit however the attempt ends",
    async run(subject) {
      const endings: (() => ResultAsync<number, unknown>)[] = [
        () => okAsync(1),
        () => errAsync("no"),
        () => new ResultAsync(Promise.reject(new Error("a defect"))),
        () => {
          throw new Error("a defect");
        },
      ];
      for (const ending of endings) {
        for (let turn = 0; turn <= subject.atOnce; turn += 1) {
          start(subject, ending);
          await subject.advance(minuteMs);
        }
        let ran = false;
        start(subject, () => {
          ran = true;
          return okAsync(1);
        });
        await subject.advance(minuteMs);
        expect(ran).toBe(true);
      }
    },
  },
  {
    name: "Waits for a permit",
    async run(subject) {
      const holders = hold(subject, subject.atOnce);
      let ran = false;
      const waiting = within(subject, () => {
        ran = true;
        return okAsync(1);
      });
      await subject.advance(1000);
      expect(ran).toBe(false);
      holders.end();
      await subject.advance(1000);
      expect(ran).toBe(true);
      succeeds(await waiting);
    },
  },
  {
    name: "Never runs more attempts together than it has permits",
    async run(subject) {
      let underWay = 0;
      let most = 0;
      const attempts = Array.from({ length: 5 * subject.atOnce }, () =>
        within(subject, () =>
          ResultAsync.fromSafePromise(
            (async () => {
              most = Math.max(most, (underWay += 1));
              for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
              underWay -= 1;
            })(),
          ),
        ),
      );
      await subject.advance(minuteMs);
      for (const answer of await Promise.all(attempts)) succeeds(answer);
      expect(most).toBeLessThanOrEqual(subject.atOnce);
      expect(underWay).toBe(0);
    },
  },
  {
    name: "Where there is no permit by `deadlineAt` the answer is `RateLimited` and `attempt` does not run",
    async run(subject) {
      const holders = hold(subject, 2 * subject.atOnce);
      let ran = false;
      const deadlineAt = new Date(subject.clock.now().getTime() + 1000);
      const answer = subject.pacer.withPermit(subject.rateKey, deadlineAt, () => {
        ran = true;
        return okAsync(1);
      });
      await subject.advance(1010);
      const error = fails(await answer);
      expect(error).toEqual({
        kind: "RateLimited",
        retryAt: expect.any(Date),
        cause: expect.stringMatching(/^(limit|outage)$/),
        reason: expect.stringMatching(/./),
      });
      expect(JSON.stringify(error)).not.toContain(subject.rateKey.to);
      holders.end();
      await subject.advance(minuteMs);
      expect(ran).toBe(false);
    },
  },
  {
    name: "A change of the wall clock while it waits does not matter",
    async run(subject) {
      for (const stepMs of [hourMs, -2 * hourMs]) {
        const holders = hold(subject, 2 * subject.atOnce);
        let isOver = false;
        const over = (): void => void (isOver = true);
        const deadlineAt = new Date(subject.clock.now().getTime() + 1000);
        const answer = subject.pacer.withPermit(subject.rateKey, deadlineAt, () => okAsync(1));
        answer.then(over, over);
        await subject.advance(0);
        const isKnownBeforehand = isOver;
        subject.shiftWallClock(stepMs);
        await subject.advance(900);
        expect(isOver).toBe(isKnownBeforehand);
        await subject.advance(110);
        expect(isOver).toBe(true);
        fails(await answer);
        holders.end();
        await subject.advance(10 * minuteMs);
      }
    },
  },
];
