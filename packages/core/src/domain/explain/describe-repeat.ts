import { outcomeOf } from "../copies.ts";
import { asRepeated } from "../earlier-evidence.ts";
import type { Attempt, Message } from "../message.ts";
import { mayHaveSent, type Outcome } from "../outcome.ts";
import { describeAttempt, describeSince } from "./describe-attempt.ts";

/** Why `next` was made after an attempt, by what was known when it began; and what has become known since. */
export function describeRepeat(message: Message, attempt: Attempt, next: Attempt): string {
  const then = asRepeated(attempt, attempt.number);
  const what = describeAttempt(then);
  return `repeated${waitOf(then, next)}: ${what}; ${whyRepeated(message, then, next)}.${describeSince(then, attempt)}`;
}

/** Empty if the clock was set back, or is that of another machine. */
function waitOf({ ended }: Attempt, next: Attempt): string {
  const waitMs = next.startedAt.getTime() - (ended?.at ?? next.startedAt).getTime();
  return waitMs < 0 ? "" : ` ${after(waitMs)}`;
}

function whyRepeated(message: Message, attempt: Attempt, next: Attempt): string {
  if (message.resends?.some(({ earlierAttempts }) => attempt.number === earlierAttempts))
    return "a resend was requested";
  const isResumed = message.liftedConclusions?.some(
    ({ at, liftedAt }) => at > attempt.startedAt && liftedAt <= next.startedAt,
  );
  if (isResumed) return "the caller repeated the request";
  const outcome = outcomeOf(attempt);
  if (outcome?.kind === "CredentialRefused") return "the outlet had other credentials";
  return outcome ? whyToRepeat(message, attempt, outcome) : recordedTooLate;
}

/** Why an attempt that ended so is repeated, as a clause. */
export function whyToRepeat(message: Message, attempt: Attempt, outcome: Outcome): string {
  const { policy } = message;
  switch (outcome.kind) {
    case "Throttled":
      return `nothing was processed, and ${limits[outcome.scope]} is temporary`;
    case "CredentialRefused":
      return "the outlet's other credentials, if any, are tried once";
    case "Refused":
      if (outcome.final)
        return outcome.failure.concerns === "pause"
          ? "a queued message waits until WhatsApp resumes the template"
          : recordedTooLate;
      return outcome.maybeProcessed
        ? "this is usually temporary, but the message may already have been sent: a repeat may send it twice"
        : "this is usually temporary, and nothing was processed";
    case "Ambiguous":
      return policy.onAmbiguous === "verify"
        ? "the policy is verify: without evidence in time it is repeated once, which may send it twice"
        : `the policy is ${policy.onAmbiguous}: it is repeated, which may send it twice`;
    case "NotSent":
      return mayHaveBeenSentBefore(message, attempt)
        ? "this attempt sent nothing, but an earlier one may have: a repeat may send it twice"
        : "nothing was sent, so a repeat is safe";
    case "Accepted":
      return recordedTooLate;
  }
}

/** Of an outcome that forbids a repeat, in a document that does not say on what the repeat was decided. */
const recordedTooLate = "this outcome was recorded only after that";

/** Whether an earlier attempt of the same schedule may have been sent, by what was known after this one. */
function mayHaveBeenSentBefore({ attempts, resends = [] }: Message, { number: made }: Attempt): boolean {
  const first = resends.findLast(({ earlierAttempts }) => earlierAttempts < made)?.earlierAttempts ?? 0;
  return attempts.slice(first, made - 1).some((earlier) => {
    const outcome = outcomeOf(asRepeated(earlier, made));
    return outcome !== undefined && mayHaveSent(outcome);
  });
}

const limits = {
  app: "the app's limit",
  account: "the WhatsApp account's limit",
  number: "the number's limit",
  maintenance: "the maintenance",
  pair: "the limit of this pair of sender and recipient",
} as const;

/** How long after something, in words. */
export function after(ms: number): string {
  if (ms < 10) return "at once";
  return ms < 1000 ? `after ${Math.round(ms)} ms` : `after ${Math.round(ms / 100) / 10} s`;
}
