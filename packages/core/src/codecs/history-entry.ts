import type { HistoryEntry } from "../ports/history.ts";
import { isoTime } from "./iso-time.ts";

/** Encodes an entry as JSON for a store. Times are ISO 8601 in UTC, to the millisecond. */
export function encodeHistoryEntry(entry: HistoryEntry): string {
  return JSON.stringify(entry.sentAt ? { ...entry, sentAt: isoTime(entry.sentAt) } : entry);
}

/** Decodes what `encodeHistoryEntry` returned, exact to the code point and millisecond. Throws for anything that is not JSON. */
export function decodeHistoryEntry(text: string): HistoryEntry {
  const { sentAt, ...rest } = JSON.parse(text) as Omit<HistoryEntry, "sentAt"> & { readonly sentAt?: string };
  return { ...rest, ...(sentAt !== undefined && { sentAt: new Date(sentAt) }) };
}
