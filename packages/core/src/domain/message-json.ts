import type { Conclusion, Message } from "./message.ts";

/** A message as JSON, for a store. Times are ISO 8601 in UTC, to the millisecond. */
export function encodeMessage(message: Message): string {
  return JSON.stringify(message);
}

/** The message that `encodeMessage` was given, to the last code point and millisecond. */
export function decodeMessage(text: string): Message {
  const message = JSON.parse(text) as Stored<Message>;
  const { policy, heldUntil, sentAt, conclusion, liftedConclusions } = message;
  return {
    ...message,
    acceptedAt: new Date(message.acceptedAt),
    ...(policy.expiresAt !== undefined && { policy: { ...policy, expiresAt: new Date(policy.expiresAt) } }),
    attempts: message.attempts.map((attempt) => ({
      ...attempt,
      startedAt: new Date(attempt.startedAt),
      ...(attempt.ended && { ended: { ...attempt.ended, at: new Date(attempt.ended.at) } }),
    })),
    providerStatuses: Object.fromEntries(
      Object.entries(message.providerStatuses).map(([status, at]) => [status, new Date(at)]),
    ),
    ...(heldUntil !== undefined && { heldUntil: new Date(heldUntil) }),
    ...(sentAt !== undefined && { sentAt: new Date(sentAt) }),
    ...(conclusion && { conclusion: decodeConclusion(conclusion) }),
    ...(liftedConclusions && {
      liftedConclusions: liftedConclusions.map((lifted) => ({
        ...decodeConclusion(lifted),
        liftedAt: new Date(lifted.liftedAt),
      })),
    }),
  } as Message;
}

function decodeConclusion({ at, retryAt, ...rest }: Stored<Conclusion>): Conclusion {
  return { ...rest, at: new Date(at), ...(retryAt !== undefined && { retryAt: new Date(retryAt) }) };
}

/** What JSON makes of a value: each Date is a string. */
type Stored<T> = T extends Date
  ? string
  : T extends string | number | boolean | undefined
    ? T
    : { readonly [K in keyof T]: Stored<T[K]> };
