import { type Exchange, exchangesOf } from "../exchanges.ts";
import type { Facts, Rule, Violation } from "../facts.ts";
import type { StoredMessage, StoredOutcome } from "../stored-message.ts";

/**
 * The oracle saw a further request for a message only if the one before allows it, and no attempt twice. In the order of the attempts: one
 * that timed out is still read by a busy oracle, maybe after the next.
 */
export const noNeedlessRepeat: Rule = ({ messages, oracle }) => {
  const byMessage = exchangesOf(oracle);
  const evidence = evidenceOf(oracle);
  return messages.flatMap((message) => {
    const exchanges = (byMessage.get(message.id) ?? []).toSorted((one, other) => one.attempt - other.attempt);
    const violation = (what: string): Violation => {
      return { rule: "no needless repeat", what, evidence: [...exchanges, message] };
    };
    const twice = exchanges.filter(
      (one, index) => exchanges.findIndex(({ attempt }) => attempt === one.attempt) < index,
    );
    const repeats = exchanges.slice(1).flatMap((next, index) => {
      const before = exchanges[index];
      const reason = before && whyNotRepeated(message, before, next, evidence.get(message.id) ?? []);
      return reason === undefined ? [] : [violation(`message ${message.id}, attempt ${next.attempt}: ${reason}`)];
    });
    const extra = exchanges.filter(({ attempt }) => outcomeOf(message, attempt)?.kind === "CredentialRefused").length;
    const allowed = 2 * (1 + reopeningsOf(message).length);
    return [
      ...twice.map(({ attempt }) => violation(`message ${message.id}: attempt ${attempt} arrived twice`)),
      ...repeats,
      ...(extra > allowed ? [violation(`message ${message.id}: ${extra} requests with refused credentials`)] : []),
    ];
  });
};

function whyNotRepeated(
  message: StoredMessage,
  before: Exchange,
  next: Exchange,
  evidence: readonly Evidence[],
): string | undefined {
  const startedAt = Date.parse(message.attempts[next.attempt - 1]?.startedAt ?? "");
  if (Number.isNaN(startedAt)) return "its intent is not in the store";
  const reopenings = reopeningsOf(message).filter((at) => at <= startedAt);
  const known = evidence.filter(({ at }) => at < startedAt);
  const isProven = known.some(
    ({ status, attempt, isAnswered }) => isAnswered && status !== "failed" && attempt > resentAfter(message, startedAt),
  );
  if (isProven || isAliveBy(known)) return "a webhook had proven an earlier attempt";
  const outcome = outcomeOf(message, before.attempt);
  if (!outcome) return "the outcome of the previous attempt is not in the store";
  if (before.wamid !== undefined && before.status < 400 && !["Accepted", "Ambiguous"].includes(outcome.kind)) {
    return `the previous attempt was accepted, but is stored as ${outcome.kind}`;
  }
  const startedBefore = Date.parse(message.attempts[before.attempt - 1]?.startedAt ?? "");
  const isReopened = reopenings.some((at) => at >= startedBefore);
  if (isReopened || mayBeRepeated(outcome, message.policy.onAmbiguous)) return undefined;
  return `the outcome of the previous attempt was ${outcome.kind}`;
}

function mayBeRepeated(outcome: StoredOutcome, onAmbiguous: string): boolean {
  switch (outcome.kind) {
    case "Throttled":
    case "CredentialRefused":
      return true;
    case "Refused":
    case "NotSent":
      return outcome.final === false;
    case "Ambiguous":
      return outcome.sawSuccess === false && onAmbiguous !== "hold";
    default:
      return false;
  }
}

function outcomeOf(message: StoredMessage, attempt: number): StoredOutcome | undefined {
  return message.attempts[attempt - 1]?.ended?.outcome;
}

/** The number of attempts before the last resend. Of these, only one that is alive prevents further attempts. */
function resentAfter({ resends = [] }: StoredMessage, startedAt: number): number {
  return resends.findLast(({ at }) => Date.parse(at) <= startedAt)?.earlierAttempts ?? 0;
}

/** When the message was reopened for further attempts. */
function reopeningsOf({ liftedConclusions = [], resends = [] }: StoredMessage): readonly number[] {
  return [...new Set([...liftedConclusions.map(({ liftedAt }) => liftedAt), ...resends.map(({ at }) => at)])].map(
    (at) => Date.parse(at),
  );
}

interface Evidence {
  readonly at: number;
  readonly attempt: number;
  readonly wamid: string;
  readonly status: string;
  /** Otherwise the server may have recorded it, and was killed before it answered. */
  readonly isAnswered: boolean;
}

/** Whether a proven attempt cannot have failed, or was delivered anyway. */
function isAliveBy(known: readonly Evidence[]): boolean {
  return known.some(({ wamid, status, isAnswered }) => {
    if (!isAnswered) return false;
    const hasFailed = known.some((other) => other.wamid === wamid && other.status === "failed");
    return status === "delivered" || status === "read" || (status === "sent" && !hasFailed);
  });
}

/** The statuses of each message in webhooks, and when they were answered. Those that were refused are left out. */
function evidenceOf(oracle: Facts["oracle"]): Map<string, Evidence[]> {
  const evidence = new Map<string, Evidence[]>();
  for (const event of oracle) {
    if (event.kind !== "webhook" || (event.answered !== 200 && event.answered !== 0)) continue;
    const [, id, attempt] = event.callbackData.split(":");
    if (id === undefined) continue;
    evidence.set(id, [
      ...(evidence.get(id) ?? []),
      { ...event, attempt: Number(attempt), isAnswered: event.answered === 200 },
    ]);
  }
  return evidence;
}
