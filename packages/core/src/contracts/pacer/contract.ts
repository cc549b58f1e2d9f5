import { err, errAsync, ok, okAsync, type Result, ResultAsync } from "neverthrow";
import { expect } from "vitest";

import type { Clock } from "../../ports/clock.ts";
import type { HeldBack, Lane, Learn, Pacer } from "../../ports/pacer.ts";
import type { R } from "../../ports/result.ts";
import { type Contract, type ContractOptions, describeContract, type Subject } from "../contract.ts";
import { exampleOutcomes } from "../fixtures.ts";

export interface PacerSubject extends Subject {
  readonly pacer: Pacer;
  readonly clock: Clock;
  advance(ms: number): Promise<void>;
  /** Sets the wall clock forward or back while no time passes. */
  shiftWallClock(ms: number): void;
  readonly lane: Lane;
  /** How many attempts in this lane may be under way together. */
  readonly atOnce: number;
}

export const pacerContract: Contract<PacerSubject> = {
  port: "Pacer",
  cases: [
    {
      name: "gives what it gives",
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
      name: "takes it back however that ends",
      async run(subject) {
        const endings: (() => R<number, unknown>)[] = [
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
        (await waiting)._unsafeUnwrap();
      },
    },
    {
      name: "Runs no more attempts at a time than it has permits for",
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
        for (const answer of await Promise.all(attempts)) expect(answer.isOk()).toBe(true);
        expect(most).toBeLessThanOrEqual(subject.atOnce);
        expect(underWay).toBe(0);
      },
    },
    {
      name: "A permit that cannot be had by `deadlineAt` is `HeldBack` without `attempt` having run",
      async run(subject) {
        const holders = hold(subject, 2 * subject.atOnce);
        let ran = false;
        const deadlineAt = new Date(subject.clock.now().getTime() + 1000);
        const answer = subject.pacer.within(subject.lane, deadlineAt, () => {
          ran = true;
          return okAsync(1);
        });
        await subject.advance(1010);
        const error = (await answer)._unsafeUnwrapErr();
        expect(error).toEqual({
          kind: "HeldBack",
          until: expect.any(Date),
          because: expect.stringMatching(/^(limit|outage)$/),
          reason: expect.stringMatching(/./),
        });
        expect(JSON.stringify(error)).not.toContain(subject.lane.to);
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
          const answer = subject.pacer.within(subject.lane, deadlineAt, () => okAsync(1));
          answer.then(over, over);
          await subject.advance(0);
          const isKnownBeforehand = isOver;
          subject.shiftWallClock(stepMs);
          await subject.advance(900);
          expect(isOver).toBe(isKnownBeforehand);
          await subject.advance(110);
          expect(isOver).toBe(true);
          expect((await answer).isErr()).toBe(true);
          holders.end();
          await subject.advance(10 * minuteMs);
        }
      },
    },
    {
      name: "`attempt` is given a function to tell how WhatsApp answered",
      async run(subject) {
        for (const outcome of Object.values(exampleOutcomes)) {
          const told = within(subject, (learn) => {
            learn(outcome);
            learn({ ...outcome, usage: [{ scope: "app", percent: 100, regainAfterMs: 1000 }] });
            return okAsync(outcome.kind);
          });
          await subject.advance(10 * minuteMs);
          expect((await told)._unsafeUnwrap()).toBe(outcome.kind);
        }
      },
    },
    {
      name: "telling nothing teaches nothing",
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
          const answer = await within(subject, (learn) => failing(subject, learn));
          return { answer, at: subject.clock.now().getTime() };
        });
        await subject.advance(5 * minuteMs);
        const denied = (await Promise.all(answers)).filter(({ answer }) => answer.isErr());
        expect(denied.length).toBeGreaterThan(0);
        for (const { answer } of denied) expect(answer._unsafeUnwrapErr()).toMatchObject(outage);
        expect(new Set(denied.map(({ at }) => at)).size).toBe(1);
      },
    },
    {
      name: "one attempt from time to time tries whether it still does",
      async run(subject) {
        await breakDown(subject);
        let probes = 0;
        for (let second = 0; second < 60; second += 1) {
          for (let call = 0; call < 5; call += 1) {
            start(subject, (learn) => {
              probes += 1;
              return failing(subject, learn);
            });
          }
          await subject.advance(1000);
        }
        expect(probes).toBeGreaterThan(0);
        expect(probes).toBeLessThanOrEqual(60);
        for (let times = 0; times < 12; times += 1) {
          start(subject, (learn) => {
            learn(exampleOutcomes.Accepted);
            return okAsync(1);
          });
          await subject.advance(10_000);
        }
        const waiting = within(subject, () => okAsync(1));
        await subject.advance(minuteMs);
        expect((await waiting).isOk()).toBe(true);
      },
    },
    {
      name: "What `within` would answer at once if it were called now",
      async run(subject) {
        const { pacer, lane, clock } = subject;
        const refusal = (): HeldBack | undefined =>
          pacer.refusal(lane, new Date(clock.now().getTime() + 10 * minuteMs));
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
        expect((await next).isOk()).toBe(true);
      },
    },
  ],
};

export function describePacerContract(options: ContractOptions<PacerSubject>): void {
  describeContract(pacerContract, options);
}

const minuteMs = 60_000;
const hourMs = 3_600_000;

const outage = { kind: "HeldBack", because: "outage", until: expect.any(Date), reason: expect.stringMatching(/./) };

/** An attempt that WhatsApp takes ten milliseconds to fail at. */
function failing({ clock }: PacerSubject, learn: Learn): R<number, never> {
  const answered = clock.sleep(10);
  return ResultAsync.fromSafePromise(
    answered.then(() => {
      learn({ ...exampleOutcomes.Refused, final: false });
      return 0;
    }),
  );
}

/** Has WhatsApp fail until that is noticed. */
async function breakDown(subject: PacerSubject): Promise<void> {
  for (let attempts = 0; attempts < 200; attempts += 1) {
    const answer = within(subject, (learn) => failing(subject, learn));
    await subject.advance(10);
    if ((await answer).isErr()) return;
  }
  throw new Error("that WhatsApp fails was not noticed");
}

/** With a deadline that is far away. */
async function within<T, E>(
  { pacer, lane, clock }: PacerSubject,
  attempt: (learn: Learn) => R<T, E>,
): Promise<Result<T, unknown>> {
  return pacer.within(lane, new Date(clock.now().getTime() + 10 * minuteMs), attempt);
}

/** Whatever becomes of it. */
function start<T, E>(subject: PacerSubject, attempt: (learn: Learn) => R<T, E>): void {
  within(subject, attempt).then(
    () => {},
    () => {},
  );
}

/** Attempts that hold their permits until `end`. */
function hold(subject: PacerSubject, count: number): { end(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (let index = 0; index < count; index += 1) {
    start(subject, () => ResultAsync.fromSafePromise(promise));
  }
  return { end: resolve };
}
