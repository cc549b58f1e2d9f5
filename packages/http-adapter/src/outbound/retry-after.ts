const longestMs = 300_000;

/**
 * Reads a `Retry-After` header, seconds or an HTTP date, as 0 to 300,000 milliseconds from `now`: when the answer was made, by
 * the server's own clock where that is known. Anything else counts as absent.
 */
export function parseRetryAfter(header: string | readonly string[] | undefined, now: Date): number | undefined {
  if (typeof header !== "string") return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, longestMs);
  if (!/^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - now.getTime(), 0), longestMs);
}
