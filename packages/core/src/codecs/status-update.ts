import type { StatusUpdate } from "../domain/status-update.ts";

/** Encodes an update as JSON for a store. Equal updates give equal text. Times are ISO 8601 in UTC, to the millisecond. */
export function encodeStatusUpdate(update: StatusUpdate): string {
  const { wamid, phoneNumberId, status, at, failure, pricing, callbackData } = update;
  return JSON.stringify({ wamid, phoneNumberId, status, at, failure, pricing, callbackData });
}

/** Decodes what `encodeStatusUpdate` returned. Throws for anything that is not JSON. */
export function decodeStatusUpdate(text: string): StatusUpdate {
  const update = JSON.parse(text) as Omit<StatusUpdate, "at"> & { readonly at: string };
  return { ...update, at: new Date(update.at) };
}
