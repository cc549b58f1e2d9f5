import type { HistoryEntry } from "../ports/history.ts";
import type { Message } from "./message.ts";

/** A message as JSON, for a store. Times are ISO 8601 in UTC, to the millisecond. */
export function encodeMessage(message: Message): string {
  return JSON.stringify(message);
}

/** The message that `encodeMessage` was given, to the last code point and millisecond. */
export function decodeMessage(text: string): Message {
  const message = JSON.parse(text) as Stored<Message>;
  const { sentAt, conclusion } = message;
  return {
    ...message,
    acceptedAt: new Date(message.acceptedAt),
    attempts: message.attempts.map((attempt) => ({
      ...attempt,
      startedAt: new Date(attempt.startedAt),
      ...(attempt.ended && { ended: { ...attempt.ended, at: new Date(attempt.ended.at) } }),
    })),
    providerStatuses: Object.fromEntries(
      Object.entries(message.providerStatuses).map(([status, at]) => [status, new Date(at)]),
    ),
    ...(sentAt !== undefined && { sentAt: new Date(sentAt) }),
    ...(conclusion && {
      conclusion: {
        ...conclusion,
        at: new Date(conclusion.at),
        ...(conclusion.retryAt !== undefined && { retryAt: new Date(conclusion.retryAt) }),
      },
    }),
  } as Message;
}

export function encodeHistoryEntry(entry: HistoryEntry): string {
  return JSON.stringify(entry);
}

export function decodeHistoryEntry(text: string): HistoryEntry {
  const entry = JSON.parse(text) as Stored<HistoryEntry>;
  const { sentAt, ...rest } = entry;
  return { ...rest, ...(sentAt !== undefined && { sentAt: new Date(sentAt) }) } as HistoryEntry;
}

/** What JSON makes of a value: each Date is a string. */
type Stored<T> = T extends Date
  ? string
  : T extends string | number | boolean | undefined
    ? T
    : { readonly [K in keyof T]: Stored<T[K]> };
