import type { ProviderFact } from "./provider-facts.ts";

/** One status of one message in a status webhook. */
export interface StatusUpdate extends Omit<ProviderFact, "attempt"> {
  readonly wamid: string;
  /** The number that it was sent from. */
  readonly phoneNumberId: string;
  /** The callback data attached to the request, which WhatsApp echoes. */
  readonly callbackData?: string;
}
