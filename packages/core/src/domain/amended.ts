import type { Message, HistoryState } from "./message.ts";
import { hasTryingEnded, isInFlight, isSent, isVisiblyDifferent, statusOf } from "./status.ts";

type Facts = Partial<Omit<Message, "id" | "revision" | "version" | "request" | "sentAt" | "told">>;

/** The message with these facts, under its next revision, and its next version where a caller can see them. */
export function amended(message: Message, facts: Facts, sentAt?: Date, kept: Message = message): Message {
  const changed: Message = {
    ...kept,
    ...facts,
    ...(sentAt && !message.sentAt && { sentAt }),
    revision: message.revision + 1,
  };
  const told = historyStateOf(changed);
  const next = told === changed.told || told === undefined ? changed : { ...changed, told };
  return isVisiblyDifferent(message, next) ? { ...next, version: message.version + 1 } : next;
}

/** What the history is to say: nothing until the message was sent; then its last word, until what became of it is settled. */
function historyStateOf(message: Message): HistoryState | undefined {
  if (isSent(message)) return "sent";
  if (!message.told || !hasTryingEnded(message) || isInFlight(message)) return message.told;
  return statusOf(message) === "unknown" ? "unknown" : "failed";
}

/** Takes back the conclusion, if there is one. */
export function reopened(message: Message, liftedAt: Date, facts: Facts = {}): Message {
  const { conclusion, ...rest } = message;
  const earlier = message.liftedConclusions ?? [];
  const liftedConclusions = conclusion ? [...earlier, { ...conclusion, liftedAt }] : earlier;
  const taken = liftedConclusions.length > 0 ? { liftedConclusions } : {};
  return amended(message, { ...taken, ...facts }, undefined, rest);
}
