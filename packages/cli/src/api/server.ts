import type { Secret } from "@message-sender/core";
import type { Settings } from "@message-sender/server/settings";

/** A running server, and the API key for it. */
export interface ApiServer {
  readonly url: string;
  readonly apiKey?: Secret;
}

/** The server that the settings name. */
export function serverOf({ MESSAGE_SENDER_URL: url, MESSAGE_SENDER_API_KEY: apiKey }: Settings): ApiServer {
  return apiKey ? { url, apiKey } : { url };
}
