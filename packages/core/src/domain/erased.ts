import type { Content } from "../content/content.ts";
import type { Failure } from "./failure.ts";
import type { Attempt, Message } from "./message.ts";
import type { Outcome } from "./outcome.ts";

/** What stands in place of what was erased. */
export const erased = "erased";

/** Whether the recipient of the message was erased. Such a message is never sent again, and learns no more facts. */
export function isErased({ request }: Pick<Message, "request">): boolean {
  return request.to === erased;
}

/**
 * The finished message without its recipient: its number, its content, the caller's reference, WhatsApp's ids, which have the number
 * in base64, and what WhatsApp said in words. What remains says that a message of this type was sent, when, how it ended and what it
 * cost. Its idempotency key stays in use, with no fingerprint: repeating it is an error, and sends nothing.
 */
export function eraseMessage(message: Message): Message {
  const { outlet, conversationId, content } = message.request;
  const names = new Map<string, string>();
  const nameOf = (wamid: string): string => {
    const name = names.get(wamid) ?? `${erased}-${names.size + 1}`;
    names.set(wamid, name);
    return name;
  };
  return {
    ...message,
    revision: message.revision + 1,
    request: { outlet, conversationId, to: erased, content: erasedContent(content) },
    attempts: message.attempts.map((attempt) => erasedAttempt(attempt, nameOf)),
    ...(message.idempotencyKey && { idempotencyKey: { ...message.idempotencyKey, fingerprint: erased } }),
  };
}

/** Of the same type, which counts of messages need. */
export function erasedContent({ type }: Content): Content {
  return { type, [type]: type === "text" ? { body: erased } : { [erased]: true } } as unknown as Content;
}

function erasedFailure({ advice: _, ...failure }: Failure): Failure {
  return { ...failure, details: erased };
}

function erasedAttempt({ earlierEvidence, ...attempt }: Attempt, nameOf: (wamid: string) => string): Attempt {
  return {
    ...erasedEvidence(attempt, nameOf),
    ...(earlierEvidence && { earlierEvidence: earlierEvidence.map((earlier) => erasedEvidence(earlier, nameOf)) }),
  };
}

function erasedEvidence<Evidence extends Pick<Attempt, "ended" | "reports">>(
  evidence: Evidence,
  nameOf: (wamid: string) => string,
): Evidence {
  const { ended, reports } = evidence;
  return {
    ...evidence,
    ...(ended && { ended: { ...ended, outcome: erasedOutcome(ended.outcome, nameOf) } }),
    ...(reports && {
      reports: reports.map(({ failure, ...report }) => ({
        ...report,
        wamid: nameOf(report.wamid),
        ...(failure && { failure: erasedFailure(failure) }),
      })),
    }),
  };
}

function erasedOutcome(outcome: Outcome, nameOf: (wamid: string) => string): Outcome {
  if (outcome.kind === "Accepted") {
    const { waId: _, ...accepted } = outcome;
    return { ...accepted, wamid: nameOf(accepted.wamid) };
  }
  return "failure" in outcome ? { ...outcome, failure: erasedFailure(outcome.failure) } : outcome;
}
