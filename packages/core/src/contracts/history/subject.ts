import type { Identifier } from "../../content/identifiers.ts";
import type { History, HistoryEntry } from "../../ports/history.ts";
import type { Subject } from "../contract.ts";

/** What can be read back of an entry. */
export type KeptEntry = Pick<HistoryEntry, "messageId" | "version" | "to" | "content" | "whatsappMessageId"> & {
  readonly status: string;
};

export interface HistorySubject extends Subject {
  readonly history: History;
  /** A conversation as it reads now: one entry a message. */
  read(conversationId: Identifier): Promise<readonly KeptEntry[]>;
  /** From now on the entries of this message are answered so, and not stored. */
  answer(messageId: string, result: "refused" | "retry"): void | Promise<void>;
  /** From now on whoever keeps the conversations cannot be reached. */
  goAway(): void | Promise<void>;
}
