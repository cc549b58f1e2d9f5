import { okAsync } from "neverthrow";

import type { Identifier } from "../content/identifiers.ts";
import type { History, HistoryEntry, HistoryResult } from "../ports/history.ts";

/** A history that a test can read. */
export interface InMemoryHistory extends History {
  /** The current entries of a conversation: the highest version of each message. */
  conversation(conversationId: Identifier): readonly HistoryEntry[];
}

/** A history in memory. It stores every entry. */
export function createInMemoryHistory(): InMemoryHistory {
  const conversations = new Map<Identifier, Map<string, HistoryEntry>>();

  return {
    store(entries) {
      for (const entry of entries) {
        const conversation = conversations.get(entry.conversationId) ?? new Map<string, HistoryEntry>();
        conversations.set(entry.conversationId, conversation);
        const known = conversation.get(entry.messageId);
        if (!known || known.version < entry.version) conversation.set(entry.messageId, entry);
      }
      return okAsync(entries.map((): HistoryResult => "stored"));
    },
    conversation: (conversationId) => [...(conversations.get(conversationId)?.values() ?? [])],
  };
}
