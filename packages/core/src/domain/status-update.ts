import type { ProviderFact } from "./provider-facts.ts";

/** One status of one message in a status webhook. */
export interface StatusUpdate extends Omit<ProviderFact, "attempt"> {
  readonly wamid: string;
  /** Meta's id of the number that the message was sent from. A status from another number than the attempt's is ignored. */
  readonly phoneNumberId: string;
  /** The callback data attached to the request, which WhatsApp echoes. */
  readonly callbackData?: string;
}
