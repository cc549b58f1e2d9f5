import { okAsync } from "neverthrow";
import { expect } from "vitest";

import type { RateLimited } from "../../ports/pacer.ts";
import type { Case } from "../contract.ts";
import { exampleOutcomes } from "../fixtures.ts";
import { breakDown, failing, hold, hourMs, minuteMs, outage, start, within } from "./steps.ts";
import type { PacerSubject } from "./subject.ts";
import { fails, succeeds } from "../results.ts";

export const pacerAnswerCases: readonly Case<PacerSubject>[] = [
  {
    name: "`attempt` gets a permit, to report how WhatsApp answered",
    async run(subject) {
      for (const outcome of Object.values(exampleOutcomes)) {
        const told = within(subject, ({ reportOutcome }) => {
          reportOutcome(outcome);
          reportOutcome({ ...outcome, usage: [{ scope: "app", percent: 100, regainAfterMs: 1000 }] });
          return okAsync(outcome.kind);
        });
        await subject.advance(10 * minuteMs);
        expect(succeeds(await told)).toBe(outcome.kind);
      }
    },
  },
  {
    name: "an attempt that reports nothing changes nothing",
    async run(subject) {
      for (let turn = 0; turn < 100; turn += 1) {
        start(subject, () => okAsync(turn));
        await subject.advance(1000);
      }
      let ran = false;
      start(subject, () => {
        ran = true;
        return okAsync(1);
      });
      await subject.advance(0);
      expect(ran).toBe(true);
    },
  },
  {
    name: "Nobody waits for an outage",
    async run(subject) {
      const answers = Array.from({ length: 50 }, async () => {
        const answer = await within(subject, (permit) => failing(subject, permit));
        return { answer, at: subject.clock.now().getTime() };
      });
      await subject.advance(5 * minuteMs);
      const denied = (await Promise.all(answers)).filter(({ answer }) => answer.isErr());
      expect(denied.length).toBeGreaterThan(0);
      for (const { answer } of denied) expect(fails(answer)).toMatchObject(outage);
      expect(new Set(denied.map(({ at }) => at)).size).toBe(1);
    },
  },
  {
    name: "one attempt from time to time probes whether it still fails",
    async run(subject) {
      await breakDown(subject);
      let probes = 0;
      for (let second = 0; second < 60; second += 1) {
        for (let call = 0; call < 5; call += 1) {
          start(subject, (permit) => {
            probes += 1;
            return failing(subject, permit);
          });
        }
        await subject.advance(1000);
      }
      expect(probes).toBeGreaterThan(0);
      expect(probes).toBeLessThanOrEqual(60);
      for (let times = 0; times < 12; times += 1) {
        start(subject, ({ reportOutcome }) => {
          reportOutcome(exampleOutcomes.Accepted);
          return okAsync(1);
        });
        await subject.advance(10_000);
      }
      const waiting = within(subject, () => okAsync(1));
      await subject.advance(minuteMs);
      succeeds(await waiting);
    },
  },
  {
    name: "What `withPermit` would answer at once if it were called now",
    async run(subject) {
      const { pacer, rateKey, clock } = subject;
      const refusal = (): RateLimited | undefined =>
        pacer.refusal(rateKey, new Date(clock.now().getTime() + 10 * minuteMs));
      expect(refusal()).toBeUndefined();
      const holders = hold(subject, subject.atOnce + 1);
      await subject.advance(0);
      expect(refusal()).toBeUndefined();
      holders.end();
      await subject.advance(minuteMs);
      await breakDown(subject);
      expect(refusal()).toMatchObject(outage);
      await subject.advance(minuteMs);
      for (let times = 0; times < 5; times += 1) expect(refusal()).toBeUndefined();
      const next = within(subject, () => okAsync(1));
      await subject.advance(0);
      succeeds(await next);
    },
  },
  {
    name: "What holds back or slows down all that each of these numbers sends; the others are absent. It changes nothing",
    async run(subject) {
      const { pacer, rateKey } = subject;
      if (!pacer.slowdowns) return;
      const { phoneNumberId } = rateKey;
      const asked = ["another number", phoneNumberId];
      expect(await pacer.slowdowns(asked)).toEqual(new Map());
      await breakDown(subject);
      for (let times = 0; times < 20; times += 1) {
        const open = { condition: "open", reason: expect.any(String) };
        expect([...(await pacer.slowdowns(asked))]).toEqual([[phoneNumberId, expect.objectContaining(open)]]);
      }
      expect(await pacer.slowdowns(["another number"])).toEqual(new Map());
      await subject.advance(hourMs);
      expect(await pacer.slowdowns(asked)).toEqual(new Map());
    },
  },
];
