import type { Identifier } from "../../content/identifiers.ts";
import type { History, HistoryEntry } from "../../ports/history.ts";
import type { Subject } from "../contract.ts";

/** The parts of an entry that can be read back. */
export type KeptEntry = Pick<HistoryEntry, "messageId" | "version" | "to" | "content" | "whatsappMessageId"> & {
  readonly status: string;
};

export interface HistorySubject extends Subject {
  readonly history: History;
  /** The current conversation: one entry for each message. */
  read(conversationId: Identifier): Promise<readonly KeptEntry[]>;
  /** Sets the result of this message's entries from now on. They are not stored. */
  answer(messageId: string, result: "refused" | "retry"): void | Promise<void>;
  /** Makes the service that keeps the conversations unreachable from now on. */
  goAway(): void | Promise<void>;
}
