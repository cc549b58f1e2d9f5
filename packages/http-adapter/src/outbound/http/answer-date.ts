import type { IncomingHttpHeaders } from "node:http";

/** The time on the server's clock when it answered. Undefined if the `Date` header is missing or invalid. */
export function answerDate({ date }: Readonly<IncomingHttpHeaders>): Date | undefined {
  const at = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(at) ? undefined : new Date(at);
}
