/**
 * Values that clients of a sender check or name. This entry loads neither the sender nor the schemas of contents.
 *
 * @module @message-sender/core/values
 */
export { isIdentifier } from "./content/identifiers.ts";
export { messageStatuses } from "./domain/message-filter.ts";
export { Secret } from "./domain/secret.ts";
export { throughputLevels } from "./domain/throughput.ts";
export type { MessageStatus } from "./domain/status.ts";
export { largestPage } from "./use-cases/list/page-size.ts";
