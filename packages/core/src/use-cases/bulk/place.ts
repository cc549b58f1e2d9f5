import type { MessageStatus } from "../../domain/status.ts";
import type { ListMessagesQuery } from "../list/list-query.ts";

/** Where a change of many messages is: in which of its statuses, and at which page of the list of that status. */
interface Place {
  readonly step: number;
  readonly cursor?: string;
}

/** The place of a cursor, or the first one. Undefined if no change of these statuses has such a place. */
export function placeAt(cursor: string | undefined, statuses: readonly MessageStatus[]): Place | undefined {
  if (cursor === undefined) return { step: 0 };
  const [, step = "", inList = ""] = /^(\d)\.(.*)$/s.exec(cursor) ?? [];
  if (step === "" || Number(step) >= statuses.length) return undefined;
  return { step: Number(step), ...(inList !== "" && { cursor: inList }) };
}

export function cursorOf({ step, cursor = "" }: Place): string {
  return `${step}.${cursor}`;
}

/** What to list at a place. */
export function queryAt(
  { step, cursor }: Place,
  statuses: readonly MessageStatus[],
): Pick<ListMessagesQuery, "status" | "cursor"> {
  const status = statuses[step];
  return { ...(status && { status }), ...(cursor !== undefined && { cursor }) };
}

/** The place after a page that ended with `nextCursor`: the next page of the list, or the next status. */
export function placeAfter(
  { step }: Place,
  nextCursor: string | undefined,
  statuses: readonly MessageStatus[],
): Place | undefined {
  if (nextCursor !== undefined) return { step, cursor: nextCursor };
  return step + 1 < statuses.length ? { step: step + 1 } : undefined;
}
