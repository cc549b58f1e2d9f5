import { type Exchange, exchangesOf } from "../exchanges.ts";
import type { Facts, Rule, Violation } from "../facts.ts";
import type { StoredMessage, StoredOutcome } from "../stored-message.ts";

/** The oracle saw no second request for a message unless the one before allows it, and no attempt twice. */
export const noNeedlessRepeat: Rule = ({ messages, oracle }) => {
  const byMessage = exchangesOf(oracle);
  const evidence = evidenceOf(oracle);
  return messages.flatMap((message) => {
    const exchanges = byMessage.get(message.id) ?? [];
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
    const allowed = 2 * (1 + liftsOf(message).length);
    return [
      ...twice.map(({ attempt }) => violation(`message ${message.id}: attempt ${attempt} came twice`)),
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
  if (Number.isNaN(startedAt)) return "it has no intent in the store";
  const lifts = liftsOf(message).filter((at) => at <= startedAt);
  const known = evidence.filter(({ at }) => at < startedAt);
  const isProven = known.some(
    ({ status, attempt }) => status !== "failed" && attempt > resentAfter(message, startedAt),
  );
  if (isProven || isAliveBy(known)) return "a webhook had proven an earlier one";
  const outcome = outcomeOf(message, before.attempt);
  if (!outcome) return "the one before it has no outcome in the store";
  if (before.wamid !== undefined && before.status < 400 && !["Accepted", "Ambiguous"].includes(outcome.kind)) {
    return `the one before it was accepted and is stored as ${outcome.kind}`;
  }
  const startedBefore = Date.parse(message.attempts[before.attempt - 1]?.startedAt ?? "");
  const isLifted = lifts.some((at) => at >= startedBefore);
  if (isLifted || mayBeRepeated(outcome, message.policy.onAmbiguous)) return undefined;
  return `the one before it was ${outcome.kind}`;
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

/** The last attempt before an operator last had it sent again: of those until then only one that is alive ends the trying. */
function resentAfter({ resends = [] }: StoredMessage, startedAt: number): number {
  return resends.findLast(({ at }) => Date.parse(at) <= startedAt)?.earlierAttempts ?? 0;
}

/** When somebody had it tried again. */
function liftsOf({ liftedConclusions = [], resends = [] }: StoredMessage): readonly number[] {
  return [...new Set([...liftedConclusions.map(({ liftedAt }) => liftedAt), ...resends.map(({ at }) => at)])].map(
    (at) => Date.parse(at),
  );
}

interface Evidence {
  readonly at: number;
  readonly attempt: number;
  readonly wamid: string;
  readonly status: string;
}

/** One that was proven had not failed, or had arrived all the same. */
function isAliveBy(known: readonly Evidence[]): boolean {
  return known.some(({ wamid, status }) => {
    const hasFailed = known.some((other) => other.wamid === wamid && other.status === "failed");
    return status === "delivered" || status === "read" || (status === "sent" && !hasFailed);
  });
}

/** What webhooks that the server had taken said of each message, and when it had. */
function evidenceOf(oracle: Facts["oracle"]): Map<string, Evidence[]> {
  const evidence = new Map<string, Evidence[]>();
  for (const event of oracle) {
    if (event.kind !== "webhook" || event.answered !== 200) continue;
    const [, id, attempt] = event.callbackData.split(":");
    if (id === undefined) continue;
    evidence.set(id, [...(evidence.get(id) ?? []), { ...event, attempt: Number(attempt) }]);
  }
  return evidence;
}
