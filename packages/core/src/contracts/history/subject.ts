import type { Identifier } from "../../content/identifiers.ts";
import type { History, HistoryEntry } from "../../ports/history.ts";
import type { Subject } from "../contract.ts";

/** The parts of an entry that can be read back. */
export type KeptEntry = Pick<HistoryEntry, "messageId" | "version" | "to" | "content" | "whatsappMessageId"> & {
  readonly status: string;
};

export interface HistorySubject extends Subject {
  readonly history: History;
  /** The conversation as it is now: one entry for each message. */
  read(conversationId: Identifier): Promise<readonly KeptEntry[]>;
  /** From now on the entries of this message get this result and are not stored. */
  answer(messageId: string, result: "refused" | "retry"): void | Promise<void>;
  /** From now on the service that keeps the conversations cannot be reached. */
  goAway(): void | Promise<void>;
}
