import { type Result, ResultAsync } from "neverthrow";
import { expect } from "vitest";

import type { Permit } from "../../ports/pacer.ts";
import { exampleOutcomes } from "../fixtures.ts";
import type { PacerSubject } from "./subject.ts";

export const minuteMs = 60_000;
export const hourMs = 3_600_000;

export const outage = {
  kind: "RateLimited",
  cause: "outage",
  retryAt: expect.any(Date),
  reason: expect.stringMatching(/./),
};

/** An attempt that WhatsApp fails after ten milliseconds. */
export function failing({ clock }: PacerSubject, permit: Permit): ResultAsync<number, never> {
  const answered = clock.sleep(10);
  return ResultAsync.fromSafePromise(
    answered.then(() => {
      permit.reportOutcome({ ...exampleOutcomes.Refused, final: false });
      return 0;
    }),
  );
}

/** Makes WhatsApp fail until the pacer notices. */
export async function breakDown(subject: PacerSubject): Promise<void> {
  for (let attempts = 0; attempts < 200; attempts += 1) {
    const answer = within(subject, (permit) => failing(subject, permit));
    await subject.advance(10);
    if ((await answer).isErr()) return;
  }
  throw new Error("that WhatsApp fails was not noticed");
}

/** With a deadline that is far away. */
export async function within<T, E>(
  { pacer, rateKey, clock }: PacerSubject,
  attempt: (permit: Permit) => ResultAsync<T, E>,
): Promise<Result<T, unknown>> {
  return pacer.withPermit(rateKey, new Date(clock.now().getTime() + 10 * minuteMs), attempt);
}

/** Ignores the result. */
export function start<T, E>(subject: PacerSubject, attempt: (permit: Permit) => ResultAsync<T, E>): void {
  within(subject, attempt).then(
    () => {},
    () => {},
  );
}

/** Attempts that hold their permits until `end`. */
export function hold(subject: PacerSubject, count: number): { end(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (let index = 0; index < count; index += 1) {
    start(subject, () => ResultAsync.fromSafePromise(promise));
  }
  return { end: resolve };
}
