import type { Attempt, Conclusion, ConclusionReason, Message } from "./message.ts";
import type { Outcome } from "./outcome.ts";
import { clampRetryAfter } from "./retry-policy.ts";
import { isFinished } from "./status.ts";

/** What is to be done with a message next. */
export type NextStep =
  | { readonly kind: "Settled" }
  | { readonly kind: "InFlight" }
  | { readonly kind: "Attempt"; readonly notBefore: Date }
  | { readonly kind: "Conclude"; readonly conclusion: Omit<Conclusion, "at"> };

/**
 * Decides from the facts, the policy snapshot and the time alone. `deadlineAt` bounds when an attempt may begin; one in
 * flight gets its full time.
 */
export function nextStep(message: Message, deadlineAt: Date): NextStep {
  if (isFinished(message)) return { kind: "Settled" };
  const last = message.attempts.at(-1);
  if (!last) return { kind: "Attempt", notBefore: later(message.acceptedAt, message.policy.scheduleMs[0] ?? 0) };
  if (!last.ended) return { kind: "InFlight" };

  const { outcome, at } = last.ended;
  const stop = reasonToStop(message, outcome);
  if (stop) return { kind: "Conclude", conclusion: { as: stop } };
  if (outcome.kind === "CredentialRefused") return { kind: "Attempt", notBefore: at };

  const slotMs = message.policy.scheduleMs[countedAttempts(message)];
  if (slotMs === undefined) return { kind: "Conclude", conclusion: { as: "exhausted" } };
  const notBefore = later(at, Math.max(slotMs * (1 + last.spread), pauseMs(message, last, outcome)));
  if (notBefore <= deadlineAt) return { kind: "Attempt", notBefore };
  return outcome.kind === "Throttled"
    ? { kind: "Conclude", conclusion: { as: "throttled", retryAt: notBefore } }
    : { kind: "Conclude", conclusion: { as: "exhausted" } };
}

/** When the next attempt begins, if nothing else stops it. */
export function nextAttemptAt(message: Message): Date | undefined {
  const step = nextStep(message, endOfTime);
  return step.kind === "Attempt" ? step.notBefore : undefined;
}

/** The latest time that a Date can hold. */
export const endOfTime = new Date(8.64e15);

function reasonToStop(message: Message, outcome: Outcome): ConclusionReason | undefined {
  if (outcome.kind === "CredentialRefused") return credentialRefusals(message) > 1 ? "refused" : undefined;
  if (outcome.kind === "Refused" && outcome.final) return "refused";
  if (outcome.kind === "NotSent" && outcome.final) return "exhausted";
  if (outcome.kind === "Ambiguous" && outcome.sawSuccess) return "held";
  const ambiguous = message.attempts.findIndex((attempt) => attempt.ended?.outcome.kind === "Ambiguous");
  if (ambiguous === -1 || message.policy.onAmbiguous === "resend") return undefined;
  const repeats = message.attempts.length - 1 - ambiguous;
  const allowed = message.policy.onAmbiguous === "verify" ? 1 : 0;
  return repeats >= allowed ? "held" : undefined;
}

/** How long the outcome itself asks to wait. */
function pauseMs(message: Message, last: Attempt, outcome: Outcome): number {
  switch (outcome.kind) {
    case "Throttled":
      return outcome.scope === "pair"
        ? Math.max(pairPauseMs(message, last), clampRetryAfter(outcome.retryAfterMs))
        : clampRetryAfter(outcome.retryAfterMs);
    case "Refused":
      return clampRetryAfter(outcome.retryAfterMs);
    case "Ambiguous":
      return Math.max(
        message.policy.onAmbiguous === "verify" ? message.policy.evidenceMs : 0,
        clampRetryAfter(outcome.retryAfterMs),
      );
    default:
      return 0;
  }
}

/** Meta's rule for error 131056: 4^X seconds, X counting the refusals before this one (Cloud API, "Pair rate limits"). */
function pairPauseMs(message: Message, last: Attempt): number {
  const earlier = message.attempts.filter(
    ({ number, ended }) =>
      number < last.number && ended?.outcome.kind === "Throttled" && ended.outcome.scope === "pair",
  ).length;
  return 1000 * 4 ** earlier;
}

/** Attempts that used up a slot: all but the extra one for changed credentials. */
function countedAttempts(message: Message): number {
  return message.attempts.length - credentialRefusals(message);
}

function credentialRefusals(message: Message): number {
  return message.attempts.filter((attempt) => attempt.ended?.outcome.kind === "CredentialRefused").length;
}

function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + Math.ceil(ms));
}
