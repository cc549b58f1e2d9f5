import type { Attempt, Conclusion, ConclusionReason, Message } from "./message.ts";
import { isWithheld, type Outcome } from "./outcome.ts";
import { outcomeOf, sawSuccess } from "./copies.ts";
import { clampRetryAfter } from "./retry-policy.ts";
import { earlierAttemptsOf, hasTryingEnded, isInFlight } from "./status.ts";

/** The next step for a message. `Settled`: none. `InFlight`: wait for the attempt in flight. */
export type NextStep =
  | { readonly kind: "Settled" }
  | { readonly kind: "InFlight" }
  | { readonly kind: "Attempt"; readonly notBefore: Date }
  | { readonly kind: "Conclude"; readonly conclusion: Omit<Conclusion, "at"> };

/**
 * Decides the next step from the message alone: its facts and its policy. No attempt begins after `deadlineAt`; an attempt in
 * flight gets its full time.
 */
export function nextStep(message: Message, deadlineAt: Date): NextStep {
  if (isInFlight(message)) return { kind: "InFlight" };
  if (hasTryingEnded(message)) return { kind: "Settled" };
  const made = message.attempts.slice(earlierAttemptsOf(message));
  const last = made.at(-1);
  const outcome = last && outcomeOf(last);
  if (!last?.ended || !outcome) return first(message, deadlineAt);

  const { at } = last.ended;
  const stop = reasonToStop(message, made, outcome);
  if (stop) return { kind: "Conclude", conclusion: { as: stop } };
  if (outcome.kind === "CredentialRefused") return { kind: "Attempt", notBefore: at };

  const slotMs = slotMsOf(message, made, outcome);
  if (slotMs === undefined) return { kind: "Conclude", conclusion: { as: "exhausted" } };
  const askedMs = pauseMs(message, last, outcome);
  const paced = later(at, Math.max(slotMs * (1 + last.spread), askedMs));
  const slotAt = paced > deadlineAt ? (lastSlotAt(message, outcome, later(at, askedMs), deadlineAt) ?? paced) : paced;
  const notBefore = latest(latest(slotAt, evidenceUntil(message, made)), message.heldUntil);
  if (notBefore <= deadlineAt) return { kind: "Attempt", notBefore };
  if (message.mode === "queued") return { kind: "Conclude", conclusion: { as: "expired" } };
  return outcome.kind === "Throttled" || isWithheld(outcome)
    ? { kind: "Conclude", conclusion: { as: "throttled", retryAt: notBefore } }
    : { kind: "Conclude", conclusion: { as: "exhausted" } };
}

/**
 * When a queued message is tried for the last time if its next slot lies beyond its time to live, which is not cut short by a wait that
 * nobody asked for. Undefined if `askedAt`, until when WhatsApp asked to wait, is too late for that.
 */
function lastSlotAt(message: Message, outcome: Outcome, askedAt: Date, deadlineAt: Date): Date | undefined {
  // A template may be resumed until the last moment.
  if (waitsForTemplate(message, outcome)) return latest(askedAt, deadlineAt);
  const lastAt = later(deadlineAt, -leastPauseMs);
  return isUncounted(message, outcome) && later(askedAt, leastPauseMs) <= lastAt ? lastAt : undefined;
}

/** A waiting call always makes its first attempt. A queued message may expire before it. */
function first(message: Message, deadlineAt: Date): NextStep {
  const notBefore = latest(later(orderAt(message), message.policy.scheduleMs[0] ?? 0), message.heldUntil);
  return message.mode === "queued" && notBefore > deadlineAt
    ? { kind: "Conclude", conclusion: { as: "expired" } }
    : { kind: "Attempt", notBefore };
}

/**
 * When the queue should process a message; undefined if a caller waits for it, it is in flight or it is finished. A recorded time
 * later than `now`, which means that the clock was set back, counts as `now`.
 */
export function queueDueAt(message: Message, now: Date = endOfTime): Date | undefined {
  if (message.mode !== "queued") return undefined;
  const step = nextStep(withoutHold(message), message.policy.expiresAt ?? endOfTime);
  const recordedAt = lastRecordedAt(message);
  switch (step.kind) {
    case "Attempt":
      return latest(earlier(step.notBefore, setBackMs(recordedAt, now)), message.heldUntil);
    case "Conclude":
      return earlier(recordedAt, setBackMs(recordedAt, now));
    default:
      return undefined;
  }
}

/** The message without its hold, which is not part of its schedule. */
export function withoutHold(message: Message): Message {
  if (!message.heldUntil) return message;
  const { heldUntil: _, heldFor: __, ...unheld } = message;
  return unheld;
}

/** Whether a queued message waits for its template, which WhatsApp said is paused. Its time to live bounds the wait. */
function waitsForTemplate({ mode }: Message, outcome: Outcome): boolean {
  return mode === "queued" && outcome.kind === "Refused" && outcome.final && outcome.failure.concerns === "pause";
}

/** Whether a queued message waits for its template, which WhatsApp has paused: by the list of templates, or by the last attempt. */
export function isHeldByTemplate(message: Message): boolean {
  if (queueDueAt(message) === undefined) return false;
  const last = message.attempts.slice(earlierAttemptsOf(message)).at(-1);
  const outcome = last && outcomeOf(last);
  return message.heldFor === "template" || (outcome !== undefined && waitsForTemplate(message, outcome));
}

/**
 * How long a queued message waits before it looks again whether its template is still paused: as long as it has waited so far,
 * but one to fifteen minutes. WhatsApp pauses a template for three or six hours (Cloud API, "Template pausing").
 */
export function templateRecheckMs(message: Message, at: Date): number {
  return Math.min(Math.max(at.getTime() - orderAt(message).getTime(), 60_000), longestRecheckMs);
}

const longestRecheckMs = 900_000;
/** With the most jitter. */
export const longestTemplateRecheckMs = 2 * longestRecheckMs;

function setBackMs(recordedAt: Date, now: Date): number {
  return Math.max(0, recordedAt.getTime() - now.getTime());
}

/** The recorded time from which the next step is computed. */
export function lastRecordedAt(message: Message): Date {
  const made = message.attempts.length > earlierAttemptsOf(message);
  return (made && message.attempts.at(-1)?.ended?.at) || scheduleStartedAt(message);
}

/** When the current schedule began: at the last resend, or when the message was accepted. */
export function scheduleStartedAt({ resends, acceptedAt }: Message): Date {
  return resends?.at(-1)?.at ?? acceptedAt;
}

/**
 * The time by which queued messages are in order: when its schedule began, or the time for which it was scheduled if that is later.
 * A recorded time later than `now`, which means that the clock was set back, counts as `now`.
 */
export function orderAt(message: Message, now: Date = endOfTime): Date {
  const startedAt = scheduleStartedAt(message);
  return earlier(latest(startedAt, message.policy.scheduledAt), setBackMs(startedAt, now));
}

/**
 * Until when a message that is not due delays the later ones to its recipient: for ten seconds from the first attempt of its schedule,
 * or from its turn if there was no attempt. A limit on messages to the recipient holds the later ones back as well. `now` as above.
 */
export function delaysUntil(message: Message, now: Date = endOfTime): Date {
  const first = message.attempts[earlierAttemptsOf(message)];
  const { heldUntil, heldFor } = message;
  const sinceAt = first ? earlier(first.startedAt, setBackMs(first.startedAt, now)) : orderAt(message, now);
  return latest(later(sinceAt, longestDelayMs), heldFor ? undefined : heldUntil);
}

const longestDelayMs = 10_000;

/** When the next attempt begins, as far as is known; undefined if none is planned. */
export function nextAttemptAt(message: Message, deadlineAt = endOfTime): Date | undefined {
  const step = nextStep(message, deadlineAt);
  return step.kind === "Attempt" ? latest(step.notBefore, evidenceAwaitedUntil(message)) : undefined;
}

/** Until when a caller who resumed an orphaned message waits for evidence before the next attempt. */
export function evidenceAwaitedUntil({ mode, conclusion, ...message }: Message): Date | undefined {
  const resumed = message.liftedConclusions?.at(-1);
  const last = message.attempts.at(-1);
  if (mode !== "waiting" || conclusion || resumed?.as !== "cut off" || !last) return undefined;
  return last.startedAt > resumed.liftedAt ? undefined : later(resumed.liftedAt, message.policy.evidenceMs);
}

/** The latest time that a Date can hold. */
export const endOfTime = new Date(8.64e15);

function reasonToStop(message: Message, made: readonly Attempt[], outcome: Outcome): ConclusionReason | undefined {
  if (outcome.kind === "CredentialRefused") return credentialRejections(made) > 1 ? "refused" : undefined;
  if (outcome.kind === "Refused" && outcome.final && !waitsForTemplate(message, outcome)) return "refused";
  if (outcome.kind === "NotSent" && outcome.final) return "exhausted";
  if (sawSuccess(made)) return "held";
  const ambiguous = made.findIndex(endedAs("Ambiguous"));
  if (ambiguous === -1 || message.policy.onAmbiguous === "resend") return undefined;
  const repeats = made.length - 1 - ambiguous;
  const allowed = message.policy.onAmbiguous === "verify" ? 1 : 0;
  return repeats >= allowed ? "held" : undefined;
}

/** The wait that the outcome itself asks for, in milliseconds. */
function pauseMs(message: Message, last: Attempt, outcome: Outcome): number {
  switch (outcome.kind) {
    case "Throttled":
      return outcome.scope === "pair"
        ? Math.max(pairPauseMs(message, last), clampRetryAfter(outcome.retryAfterMs))
        : clampRetryAfter(outcome.retryAfterMs);
    case "Refused":
      return clampRetryAfter(outcome.retryAfterMs);
    case "Ambiguous":
      return clampRetryAfter(outcome.retryAfterMs);
    default:
      return 0;
  }
}

/** Until when to wait for evidence on an ambiguous attempt, whatever was tried since. */
function evidenceUntil({ mode, policy }: Message, made: readonly Attempt[]): Date | undefined {
  const ambiguous = made.findLast(endedAs("Ambiguous"))?.ended;
  return ambiguous && (mode === "queued" || policy.onAmbiguous === "verify")
    ? later(ambiguous.at, policy.evidenceMs)
    : undefined;
}

/** Meta's rule for error 131056: 4^X seconds, X counting the rejections before this one (Cloud API, "Pair rate limits"). */
function pairPauseMs(message: Message, last: Attempt): number {
  const earlier = message.attempts.filter((attempt) => {
    const outcome = attempt.number < last.number ? outcomeOf(attempt) : undefined;
    return outcome?.kind === "Throttled" && outcome.scope === "pair";
  }).length;
  return 1000 * 4 ** earlier;
}

/** The schedule's wait before the next attempt; undefined when the schedule is used up. */
function slotMsOf(message: Message, made: readonly Attempt[], outcome: Outcome): number | undefined {
  const { scheduleMs } = message.policy;
  const endedAt = made.at(-1)?.ended?.at;
  if (endedAt && waitsForTemplate(message, outcome)) return templateRecheckMs(message, endedAt);
  const countedMs = scheduleMs[countedAttempts(message, made)];
  if (isWithheld(outcome)) return Math.max(countedMs ?? 0, leastPauseMs);
  return isUncounted(message, outcome) ? uncountedSlotMs(scheduleMs, made.length) : countedMs;
}

const leastPauseMs = 1000;
const longestPauseMs = 300_000;

/** The wait after an attempt that used up no slot: by the schedule, and then twice as long each time, up to five minutes. */
function uncountedSlotMs(scheduleMs: readonly number[], made: number): number {
  const slotMs = Math.max(scheduleMs[made] ?? scheduleMs.at(-1) ?? 0, leastPauseMs);
  const beyond = Math.max(0, made - scheduleMs.length + 1);
  return Math.max(slotMs, Math.min(slotMs * 2 ** beyond, longestPauseMs));
}

/** Attempts that used up a slot: neither the extra one with changed credentials nor those that do not count. */
function countedAttempts(message: Message, made: readonly Attempt[]): number {
  const uncounted = made.filter((attempt) => {
    const outcome = outcomeOf(attempt);
    return outcome !== undefined && (isWithheld(outcome) || isUncounted(message, outcome));
  });
  return made.length - credentialRejections(made) - uncounted.length;
}

/**
 * Whether an attempt uses up no slot, since certainly nothing was sent and another attempt may succeed. This is so only in
 * the queue, where the time to live bounds the attempts: an outage must not end messages that can wait for its end.
 */
function isUncounted(message: Message, outcome: Outcome): boolean {
  if (message.mode !== "queued") return false;
  switch (outcome.kind) {
    case "Throttled":
      return true;
    case "NotSent":
      return !outcome.final;
    case "Refused":
      return outcome.final ? waitsForTemplate(message, outcome) : !outcome.maybeProcessed;
    default:
      return false;
  }
}

function credentialRejections(made: readonly Attempt[]): number {
  return made.filter(endedAs("CredentialRefused")).length;
}

function endedAs(kind: Outcome["kind"]): (attempt: Attempt) => boolean {
  return (attempt) => outcomeOf(attempt)?.kind === kind;
}

function latest(at: Date, other: Date | undefined): Date {
  return other && other > at ? other : at;
}

function earlier(at: Date, ms: number): Date {
  return ms === 0 ? at : new Date(at.getTime() - ms);
}

function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + Math.ceil(ms));
}
