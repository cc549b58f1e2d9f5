/**
 * The check that the API makes of a message, for programs that prepare batches. This entry loads neither Hono nor undici.
 *
 * @module @message-sender/http-adapter/messages
 */
export { problemsOfMessage } from "./inbound/batch/batch-message.ts";
export type { FieldError } from "./inbound/problems/problem.ts";
