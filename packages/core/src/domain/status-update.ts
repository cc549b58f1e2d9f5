import type { ProviderFact } from "./message.ts";

/** What a status webhook says of one message. */
export interface StatusUpdate extends Omit<ProviderFact, "attempt"> {
  readonly wamid: string;
  /** The number that it was sent from. */
  readonly phoneNumberId: string;
  /** What rode on the submission; WhatsApp echoes it. */
  readonly callbackData?: string;
}

/** An update as JSON, for a store: the same update gives the same text. Times are ISO 8601 in UTC, to the millisecond. */
export function encodeStatusUpdate(update: StatusUpdate): string {
  const { wamid, phoneNumberId, status, at, failure, pricing, callbackData } = update;
  return JSON.stringify({ wamid, phoneNumberId, status, at, failure, pricing, callbackData });
}

/** The update that `encodeStatusUpdate` was given. */
export function decodeStatusUpdate(text: string): StatusUpdate {
  const update = JSON.parse(text) as Omit<StatusUpdate, "at"> & { readonly at: string };
  return { ...update, at: new Date(update.at) };
}
