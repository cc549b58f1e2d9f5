import type { ResultAsync } from "neverthrow";

import type { Content } from "../content/content.ts";
import type { Identifier, MessageId, OutletRef } from "../content/identifiers.ts";
import type { MessageStatus } from "../domain/status.ts";
import type { Unavailable } from "./unavailable.ts";

/** What a conversation's history should say of a message. */
export interface HistoryEntry {
  readonly messageId: MessageId;
  /** The highest version of a message wins. */
  readonly version: number;
  /** The first entry of its message, or one that corrects what an earlier one said. */
  readonly correction: boolean;
  readonly conversationId: Identifier;
  readonly outlet: OutletRef;
  readonly to: string;
  readonly content: Content;
  readonly whatsappMessageId?: string;
  readonly status: MessageStatus;
  readonly sentAt?: Date;
  readonly traceparent?: string;
}

/** Keeps the conversations. Not promised: that entries of several conversations are stored in their order. */
export interface History {
  /**
   * Stores 1 to 100 entries; each has its own result, in the order given. An entry arrives whole. Storing an entry again
   * changes nothing and is `stored`. Of the entries of one message the highest version wins, in whatever order they come.
   * `retry` may pass; `refused` never will; both can say why. Where the service cannot be reached the answer is `Unavailable`;
   * some of the entries may be stored then.
   */
  store(entries: readonly HistoryEntry[]): ResultAsync<readonly HistoryResult[], Unavailable>;
}

/** What became of one entry. */
export type HistoryResult = "stored" | "refused" | "retry" | NotStored;

/** An entry that was not stored, with the reason for the log. */
export interface NotStored {
  readonly kind: "refused" | "retry";
  /** One printable line. Holds no secret, no recipient and nothing of the entry's content. */
  readonly reason: string;
  /** The HTTP status of the answer, where there was one. */
  readonly httpStatus?: number;
}

/** What a result says, without its reason. */
export function historyResultKind(result: HistoryResult): "stored" | "refused" | "retry" {
  return typeof result === "string" ? result : result.kind;
}
