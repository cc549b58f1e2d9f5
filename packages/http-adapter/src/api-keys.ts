/**
 * The keys in a file of API keys, for programs that manage them. This entry loads neither Hono nor undici.
 *
 * @module @message-sender/http-adapter/api-keys
 */
export { type ApiKeyInfo, createKey, listKeys, type NewApiKey, revokeKey } from "./inbound/api-keys/manage-keys.ts";
export type { ApiKeysFileInvalid } from "./inbound/api-keys/open-api-keys.ts";
export type { RateLimit } from "./inbound/api-keys/rate-limit.ts";
