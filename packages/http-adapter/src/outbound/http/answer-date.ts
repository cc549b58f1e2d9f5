import type { IncomingHttpHeaders } from "node:http";

/** What the server's clock said when it answered; undefined where its `Date` header is missing or is no date. */
export function answerDate({ date }: Readonly<IncomingHttpHeaders>): Date | undefined {
  const at = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(at) ? undefined : new Date(at);
}
