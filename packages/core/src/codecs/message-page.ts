import { err, ok, type Result } from "neverthrow";

import type { MessagePage, MessagePosition } from "../ports/message-store.ts";
import type { Unavailable } from "../ports/unavailable.ts";
import { decodeEachStored } from "./decode-stored.ts";
import { decodeMessage } from "./message.ts";

/** A message that matched, as it is stored. */
export interface StoredRow extends MessagePosition {
  readonly document: string;
}

/**
 * Makes a page of the rows that a store found, of which it looked for one more than `limit`. `stoppedAt` is the last row that it
 * looked at, if it stopped before the end. Damaged messages are left out, so that they block no other.
 */
export function decodePage(
  rows: readonly StoredRow[],
  limit: number,
  stoppedAt?: MessagePosition,
): Result<MessagePage, Unavailable> {
  const next = rows.length > limit ? rows[limit - 1] : stoppedAt;
  const position = next && { next: { acceptedAt: next.acceptedAt, number: next.number } };
  return decodeEachStored(rows.slice(0, limit), ({ document }) => decodeMessage(document))
    .orElse((damaged) => (position ? ok([]) : err(damaged)))
    .map((messages) => ({ messages, ...position }));
}
