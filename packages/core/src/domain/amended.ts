import type { Draft, HistoryState, Message } from "./message.ts";
import { hasTryingEnded, isInFlight, isSent, statusOf } from "./status.ts";
import { isVisiblyDifferent } from "./visible-facts.ts";

type Facts = Partial<Omit<Message, "id" | "revision" | "version" | "request" | "sentAt" | "told">>;

/** The message with these facts: its revision goes up by one, and its version too if a caller can see the difference. */
export function amended(message: Message, facts: Facts, sentAt?: Date, kept: Message = message): Message {
  const next: Draft<Message> = { ...kept, ...facts, revision: message.revision + 1 };
  if (sentAt && !message.sentAt) next.sentAt = sentAt;
  const told = historyStateOf(next);
  if (told !== undefined) next.told = told;
  if (isVisiblyDifferent(message, next)) next.version = message.version + 1;
  return next;
}

/** What the history should say: nothing until the message was sent. While an attempt is open it keeps its last value. */
function historyStateOf(message: Message): HistoryState | undefined {
  if (isSent(message)) return "sent";
  if (!message.told || !hasTryingEnded(message) || isInFlight(message)) return message.told;
  return statusOf(message) === "unknown" ? "unknown" : "failed";
}

/** The message with its conclusion withdrawn, if it has one, and with these facts. */
export function reopened(message: Message, liftedAt: Date, facts: Facts = {}): Message {
  const { conclusion, ...rest } = message;
  const earlier = message.liftedConclusions ?? [];
  const liftedConclusions = conclusion ? [...earlier, { ...conclusion, liftedAt }] : earlier;
  return amended(message, { ...(liftedConclusions.length > 0 && { liftedConclusions }), ...facts }, undefined, rest);
}
