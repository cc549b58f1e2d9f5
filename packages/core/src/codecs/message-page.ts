import { err, ok, type Result, ResultAsync } from "neverthrow";

import type { MessagePage, MessagePosition } from "../ports/store/message-store.ts";
import type { Unavailable } from "../ports/unavailable.ts";
import { decodeEachStored } from "./decode-stored.ts";
import { decodeMessage } from "./message.ts";

/** A message that matched, as it is stored. */
export interface StoredRow extends MessagePosition {
  readonly document: string;
}

/** What a store found when it looked at some messages. */
export interface FoundRows {
  readonly rows: readonly StoredRow[];
  /** The last message that it looked at. Absent if nothing is left. */
  readonly stoppedAt?: MessagePosition;
}

/**
 * Looks at up to `scanLimit` messages after a position, in the order of the list, until `wanted` of them match. Without a position
 * it begins with the newest.
 */
export type ScanRows = (
  after: MessagePosition | undefined,
  wanted: number,
  scanLimit: number,
) => ResultAsync<FoundRows, Unavailable>;

/** What a page is collected from. */
export interface PageOptions {
  readonly limit: number;
  readonly after?: MessagePosition | undefined;
  readonly scan: ScanRows;
  /** The time in milliseconds, by a clock that is never set. */
  monotonicMs(): number;
}

const lookedAtPerCall = 2000;
const mostCalls = 5;
const longestMs = 20;

/**
 * Collects a page from a store. It looks at 10,000 messages at most, and no longer than about 20 ms, in calls that are short
 * enough for others to run in between. Damaged messages are left out, so that they block no other.
 */
export function collectPage(options: PageOptions): ResultAsync<MessagePage, Unavailable> {
  return new ResultAsync(collect(options));
}

async function collect({ limit, after, scan, monotonicMs }: PageOptions): Promise<Result<MessagePage, Unavailable>> {
  const rows: StoredRow[] = [];
  const endsAt = monotonicMs() + longestMs;
  let from = after;
  for (let calls = 1; ; calls += 1) {
    // One more than the page: whether there is another page is known then.
    const found = await scan(from, limit + 1 - rows.length, lookedAtPerCall);
    if (found.isErr()) return err(found.error);
    rows.push(...found.value.rows);
    from = found.value.stoppedAt;
    if (!from || rows.length > limit || calls === mostCalls || monotonicMs() >= endsAt) break;
  }
  return pageOf(rows.slice(0, limit), rows.length > limit ? rows[limit - 1] : from);
}

function pageOf(rows: readonly StoredRow[], last: MessagePosition | undefined): Result<MessagePage, Unavailable> {
  const next = last && { next: { acceptedAt: last.acceptedAt, number: last.number } };
  return decodeEachStored(rows, ({ document }) => decodeMessage(document))
    .orElse((damaged) => (next ? ok([]) : err(damaged)))
    .map((messages) => ({ messages, ...next }));
}
