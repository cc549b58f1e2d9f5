import { type Result, ResultAsync } from "neverthrow";

import { exampleOutcomes } from "../src/contracts/fixtures.ts";
import { createManualClock, type ManualClock } from "../src/in-memory/index.ts";
import { createPacer, type PacerOptions } from "../src/pacing/pacer.ts";
import type { RateLimited, RateKey } from "../src/ports/pacer.ts";
import type { Submitted } from "../src/ports/transport.ts";

export const { Accepted, Ambiguous, CredentialRefused } = exampleOutcomes;
export const unavailable: Submitted = { ...exampleOutcomes.Refused, maybeProcessed: false, retryAfterMs: 0 };
export const refused: Submitted = { ...exampleOutcomes.Refused, final: true };
export const throttled = (
  scope: "app" | "account" | "number" | "maintenance" | "pair",
  more: object = {},
): Submitted => ({
  kind: "Throttled",
  scope,
  failure: { class: "throttled", details: "" },
  ...more,
});

export interface Sending extends Partial<RateKey> {
  /** How long it may wait for its permit. Default: a minute. */
  readonly waitMs?: number;
  /** What WhatsApp answers. Default: accepted. */
  readonly answer?: Submitted | (() => Submitted);
  /** How long that takes. Default: no time. */
  readonly takesMs?: number;
  /** How long it takes from its permit until it is ready to leave. Default: no time. */
  readonly readyMs?: number;
  /** Is called when it leaves. */
  readonly begun?: () => void;
}

/** Goes on by itself; only some tests look at what comes of it. */
export interface Sent {
  readonly result: Promise<Result<Submitted, RateLimited>>;
}

/** What left, as WhatsApp sees it. Times are milliseconds since the start. */
export interface Left {
  readonly at: number;
  readonly rateKey: RateKey;
}

interface TrafficOptions extends Partial<Omit<PacerOptions, "clock">> {
  readonly clock?: ManualClock;
}

let recipients = 0;

/** Submissions through a pacer, on the manual clock. */
export function createTraffic({ clock = createManualClock(), ...options }: TrafficOptions = {}) {
  const startedAt = clock.now().getTime();
  const pacer = createPacer({ clock, permits: 256, ...options });
  const left: Left[] = [];
  let told = 0;
  const now = (): number => clock.now().getTime() - startedAt;

  /** To somebody new, where nothing else is said. */
  function send(sending: Sending = {}): Sent {
    const { waitMs = 60_000, answer = Accepted, takesMs = 0, readyMs = 0, begun, ...given } = sending;
    const to = `+62812${(recipients += 1)}`;
    const rateKey = { tenantId: "tenant-1", phoneNumberId: "number-1", to, isRetry: false, ...given };
    const sent = pacer.withPermit(rateKey, new Date(clock.now().getTime() + waitMs), (permit) => {
      const work = async (): Promise<Submitted> => {
        if (readyMs > 0) await clock.sleep(readyMs);
        const slot = permit.awaitSlot();
        const noSlot = slot && (await slot);
        if (noSlot) return { kind: "NotSent", final: false, withheld: true, cause: noSlot.reason };
        left.push({ at: now(), rateKey });
        begun?.();
        if (takesMs > 0) await clock.sleep(takesMs);
        const submitted = typeof answer === "function" ? answer() : answer;
        permit.reportOutcome(submitted);
        return submitted;
      };
      return ResultAsync.fromSafePromise(work());
    });
    return { result: Promise.resolve(sent) };
  }

  return {
    clock,
    pacer,
    left,
    now,
    send,
    sendMany: (count: number, sending?: Sending) => Array.from({ length: count }, () => send(sending)),
    /** Has time pass, and gives what has left since it was asked last. */
    async leaving(ms: number): Promise<readonly Left[]> {
      await clock.advance(ms);
      const news = left.slice(told);
      told = left.length;
      return news;
    },
  };
}

/** The most that are within any time of that length. */
export function mostWithin(ms: number, times: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (const [index, at] of times.entries()) {
    while ((times[first] ?? 0) <= at - ms) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
