import { type Exchange, exchangesOf } from "../exchanges.ts";
import type { Facts, Rule, Violation } from "../facts.ts";
import type { StoredMessage, StoredOutcome } from "../stored-message.ts";

/** The oracle saw no second request for a message unless the one before allows it, and no attempt twice. */
export const noNeedlessRepeat: Rule = ({ messages, oracle }) => {
  const byMessage = exchangesOf(oracle);
  const provenAt = firstEvidence(oracle);
  return messages.flatMap((message) => {
    const exchanges = byMessage.get(message.id) ?? [];
    const evidence = [...exchanges, message];
    const violation = (what: string): Violation => ({ rule: "no needless repeat", what, evidence });
    const twice = exchanges.filter(
      (one, index) => exchanges.findIndex(({ attempt }) => attempt === one.attempt) < index,
    );
    const repeats = exchanges.slice(1).flatMap((next, index) => {
      const before = exchanges[index];
      const reason = before && whyNotRepeated(message, before, next, provenAt.get(message.id));
      return reason === undefined ? [] : [violation(`message ${message.id}, attempt ${next.attempt}: ${reason}`)];
    });
    const extra = exchanges.filter(({ attempt }) => outcomeOf(message, attempt)?.kind === "CredentialRefused").length;
    const allowed = 2 * (1 + (message.liftedConclusions ?? []).length);
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
  provenAt: number | undefined,
): string | undefined {
  const startedAt = Date.parse(message.attempts[next.attempt - 1]?.startedAt ?? "");
  if (Number.isNaN(startedAt)) return "it has no intent in the store";
  if (provenAt !== undefined && provenAt < startedAt) return "a webhook had proven an earlier one";
  const outcome = outcomeOf(message, before.attempt);
  if (!outcome) return "the one before it has no outcome in the store";
  if (before.wamid !== undefined && !["Accepted", "Ambiguous"].includes(outcome.kind)) {
    return `the one before it was accepted and is stored as ${outcome.kind}`;
  }
  const startedBefore = Date.parse(message.attempts[before.attempt - 1]?.startedAt ?? "");
  const isLifted = (message.liftedConclusions ?? []).some(({ liftedAt }) => {
    const at = Date.parse(liftedAt);
    return at >= startedBefore && at <= startedAt;
  });
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

/** When the server had first taken a webhook about a message. */
function firstEvidence(oracle: Facts["oracle"]): Map<string, number> {
  const proven = new Map<string, number>();
  for (const event of oracle) {
    const id = event.kind === "webhook" && event.answered === 200 ? event.callbackData.split(":")[1] : undefined;
    if (id !== undefined && !proven.has(id)) proven.set(id, event.at);
  }
  return proven;
}
