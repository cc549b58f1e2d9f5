import type { Attempt, Conclusion, EarlierEvidence, Message, Report } from "../domain/message.ts";
import type { SendPolicy } from "../domain/retry-policy.ts";
import { isoTime } from "./iso-time.ts";

/** Encodes a message as JSON for a store. Times are ISO 8601 in UTC, to the millisecond. */
export function encodeMessage(message: Message): string {
  const { acceptedAt, attempts, sentAt } = message;
  const stored: Record<string, unknown> = {
    ...message,
    acceptedAt: isoTime(acceptedAt),
    attempts: attempts.map(encodedAttempt),
  };
  if (sentAt) stored["sentAt"] = isoTime(sentAt);
  // `JSON.stringify` encodes the times that few messages have.
  return JSON.stringify(stored);
}

function encodedAttempt(attempt: Attempt) {
  const stored: Record<string, unknown> = { ...attempt, startedAt: isoTime(attempt.startedAt) };
  if (attempt.ended) stored["ended"] = { ...attempt.ended, at: isoTime(attempt.ended.at) };
  return stored;
}

/** Decodes what `encodeMessage` returned, exact to the code point and millisecond. Throws for anything that is not a message. */
export function decodeMessage(text: string): Message {
  const message = JSON.parse(text) as Stored<Message>;
  if (!message.request.outlet.tenantId || Number.isNaN(Date.parse(message.acceptedAt)))
    throw new TypeError("not a message");
  const { policy, resends, heldUntil, sentAt, historyReplays, conclusion, liftedConclusions } = message;
  return {
    ...message,
    acceptedAt: new Date(message.acceptedAt),
    ...((policy.expiresAt ?? policy.scheduledAt) !== undefined && { policy: decodePolicy(policy) }),
    attempts: message.attempts.map(decodeAttempt),
    ...(resends && { resends: resends.map(decodeTimed) }),
    ...(heldUntil !== undefined && { heldUntil: new Date(heldUntil) }),
    ...(sentAt !== undefined && { sentAt: new Date(sentAt) }),
    ...(historyReplays && { historyReplays: historyReplays.map(decodeTimed) }),
    ...(conclusion && { conclusion: decodeConclusion(conclusion) }),
    ...(liftedConclusions && {
      liftedConclusions: liftedConclusions.map((lifted) => ({
        ...decodeConclusion(lifted),
        liftedAt: new Date(lifted.liftedAt),
      })),
    }),
  } as Message;
}

function decodePolicy({ scheduledAt, expiresAt, ...rest }: Stored<SendPolicy>): SendPolicy {
  return {
    ...rest,
    ...(scheduledAt !== undefined && { scheduledAt: new Date(scheduledAt) }),
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt) }),
  };
}

function decodeAttempt(attempt: Stored<Attempt>): Attempt {
  const { startedAt, ended, reports, earlierEvidence } = attempt;
  return {
    ...attempt,
    startedAt: new Date(startedAt),
    ...(ended && { ended: decodeTimed(ended) }),
    ...(reports && { reports: reports.map(decodeReport) }),
    ...(earlierEvidence && { earlierEvidence: earlierEvidence.map(decodeEvidence) }),
  } as Attempt;
}

/** What has one time. */
function decodeTimed<T extends { readonly at: string }>(stored: T): Omit<T, "at"> & { readonly at: Date } {
  return { ...stored, at: new Date(stored.at) };
}

function decodeEvidence({ ended, reports, ...counts }: Stored<EarlierEvidence>): EarlierEvidence {
  return { ...counts, ended: decodeTimed(ended), ...(reports && { reports: reports.map(decodeReport) }) };
}

function decodeReport(report: Stored<Report>): Report {
  const times = Object.entries(report.statuses).map(([status, at]) => [status, new Date(at)]);
  return { ...report, statuses: Object.fromEntries(times) as Report["statuses"] };
}

function decodeConclusion({ at, retryAt, ...rest }: Stored<Conclusion>): Conclusion {
  return { ...rest, at: new Date(at), ...(retryAt !== undefined && { retryAt: new Date(retryAt) }) };
}

/** A value as `JSON.parse` returns it: each `Date` is a string. */
type Stored<T> = T extends Date
  ? string
  : T extends string | number | boolean | undefined
    ? T
    : { readonly [K in keyof T]: Stored<T[K]> };
