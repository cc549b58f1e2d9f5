import type { HistoryEntry } from "../ports/history.ts";

/** An entry as JSON, for a store. Times are ISO 8601 in UTC, to the millisecond. */
export function encodeHistoryEntry(entry: HistoryEntry): string {
  return JSON.stringify(entry);
}

/** The entry that `encodeHistoryEntry` was given, to the last code point and millisecond. */
export function decodeHistoryEntry(text: string): HistoryEntry {
  const { sentAt, ...rest } = JSON.parse(text) as Omit<HistoryEntry, "sentAt"> & { readonly sentAt?: string };
  return { ...rest, ...(sentAt !== undefined && { sentAt: new Date(sentAt) }) };
}
