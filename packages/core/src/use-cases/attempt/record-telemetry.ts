import { explain } from "../../domain/explain/explanation.ts";
import type { Attempt, Draft, Message } from "../../domain/message.ts";
import { nextAttemptAt } from "../../domain/next-step.ts";
import { failureOf, httpStatusOf } from "../../domain/outcome.ts";
import { isPossibleDuplicate, isSent, mayHaveBeenSent, statusOf, wasAccepted } from "../../domain/status.ts";
import { isRecorded } from "../../lifecycle/safe-telemetry.ts";
import type { AttemptSummary, Telemetry } from "../../ports/telemetry.ts";

/** Records that an attempt has ended, by default the last one, and when the next one begins. */
export function recordAttempt(
  telemetry: Telemetry,
  message: Message,
  deadlineAt: Date,
  number = message.attempts.length,
): void {
  if (!isRecorded(telemetry, "AttemptEnded")) return;
  const attempt = message.attempts[number - 1];
  if (!attempt?.ended || message.conclusion) return;
  const nextAt = number === message.attempts.length ? nextAttemptAt(message, deadlineAt) : undefined;
  telemetry.record({
    kind: "AttemptEnded",
    messageId: message.id,
    attempt: summaryOf(message, attempt, deadlineAt),
    ...(nextAt && { nextAttemptAt: nextAt }),
  });
}

/** Records how a message ended; with all its attempts, unless the first one sent it. */
export function recordEnd(telemetry: Telemetry, message: Message): void {
  const { id: messageId, mode, attempts, acceptedAt, sentAt, conclusion } = message;
  const { outlet, conversationId } = message.request;
  const summaries = () => attempts.map((attempt) => summaryOf(message, attempt));
  if (isSent(message)) {
    if (!isRecorded(telemetry, "MessageSent")) return;
    telemetry.record({
      kind: "MessageSent",
      messageId,
      outlet,
      conversationId,
      mode,
      attempts: attempts.length,
      ...(attempts.length > 1 && { retried: summaries() }),
      possibleDuplicate: isPossibleDuplicate(message),
      sinceAcceptedMs: msBetween(acceptedAt, sentAt),
    });
  } else if (conclusion || wasAccepted(message)) {
    if (!isRecorded(telemetry, "MessageConcluded")) return;
    telemetry.record({
      kind: "MessageConcluded",
      messageId,
      outlet,
      conversationId,
      mode,
      as: conclusion?.as ?? "failed",
      status: statusOf(message),
      mayHaveBeenSent: mayHaveBeenSent(message),
      attempts: summaries(),
      sinceAcceptedMs: msBetween(acceptedAt, conclusion?.at ?? attempts.at(-1)?.ended?.at),
    });
  }
}

function msBetween(begin: Date, end: Date = begin): number {
  return Math.max(0, end.getTime() - begin.getTime());
}

/**
 * The reason is put into words when it is read: a counter does not read it, and a log only at its level. Nearly all attempts are
 * accepted, and their reason is always the same: a getter would cost more than its words.
 */
function summaryOf(message: Message, attempt: Attempt, deadlineAt?: Date): AttemptSummary {
  const inWords = (): string => explain(message, attempt, deadlineAt).reason;
  const facts = factsOf(attempt);
  if (facts.outcome === "Accepted") return { ...facts, reason: inWords() };
  return {
    ...facts,
    get reason() {
      return inWords();
    },
  };
}

function factsOf({ number, waitedMs, ended }: Attempt): Omit<AttemptSummary, "reason"> {
  const facts: Draft<Omit<AttemptSummary, "reason">> = { number, outcome: ended?.outcome.kind ?? "InFlight" };
  if (ended) facts.durationMs = ended.durationMs;
  if (waitedMs !== undefined) facts.waitedMs = waitedMs;
  if (!ended) return facts;
  const failure = failureOf(ended.outcome);
  const httpStatus = httpStatusOf(ended.outcome);
  if (failure) facts.class = failure.class;
  if (failure?.code !== undefined) facts.code = failure.code;
  if (httpStatus !== undefined) facts.httpStatus = httpStatus;
  return facts;
}
