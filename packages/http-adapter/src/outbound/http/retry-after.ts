import type { IncomingHttpHeaders } from "node:http";

import { answerDate } from "./answer-date.ts";

const longestMs = 300_000;

/**
 * Parses an answer's `Retry-After`, seconds or an HTTP date, into 0 to 300,000 milliseconds. A date is relative to the server's own
 * clock, or to `now` if the answer has no `Date`. An invalid value counts as absent.
 */
export function parseRetryAfter(headers: Readonly<IncomingHttpHeaders>, now: Date): number | undefined {
  const header: unknown = headers["retry-after"];
  if (typeof header !== "string") return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, longestMs);
  if (!/^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}/.test(text)) return undefined;
  const at = Date.parse(text);
  const answeredAt = answerDate(headers) ?? now;
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - answeredAt.getTime(), 0), longestMs);
}
