import { z } from "zod";

import { setBounded } from "../collections/bounded-map.ts";

/** A message of a conversation, as it was posted. */
export interface ConversationMessage {
  readonly message_id: string;
  readonly conversation_id: string;
  readonly version: number;
  readonly tenant_id: string;
  readonly outlet_id: string;
  readonly direction: "outbound";
  readonly to: string;
  readonly message_type: string;
  readonly message: unknown;
  readonly whatsapp_message_id?: string | null;
  readonly status: string;
  readonly sent_at?: string | null;
  readonly [more: string]: unknown;
}

const id = z.string().min(1);

export const entrySchema = z.looseObject({
  message_id: id,
  version: z.int().min(1),
  tenant_id: id,
  outlet_id: id,
  direction: z.literal("outbound"),
  to: id,
  message_type: id,
  message: z.union([z.string(), z.looseObject({}), z.array(z.unknown())]),
  whatsapp_message_id: id.nullable().exactOptional(),
  status: id,
  sent_at: z.iso.datetime({ offset: true }).nullable().exactOptional(),
});

export interface Conversations {
  /** Keeps the highest version. `duplicate`: the same key, or the same version of the message, was stored before. */
  store(message: ConversationMessage, key?: string): "stored" | "duplicate";
  /** The messages of a conversation by `sent_at`, oldest first. */
  of(conversationId: string): readonly ConversationMessage[];
  all(): readonly ConversationMessage[];
  find(messageId: string): ConversationMessage | undefined;
  save(): readonly SavedConversationMessage[];
  restore(saved: readonly SavedConversationMessage[]): void;
}

export interface SavedConversationMessage {
  readonly current: ConversationMessage;
  /** The versions and the idempotency keys under which it was stored. */
  readonly seen: readonly (string | number)[];
}

interface Stored {
  current: ConversationMessage;
  readonly seen: Set<string | number>;
}

export function createConversations(keep: number): Conversations {
  const byId = new Map<string, Stored>();
  const keys = new Set<string>();
  const all = () => [...byId.values()].map(({ current }) => current);

  function forget({ seen }: Stored): void {
    for (const key of seen) if (typeof key === "string") keys.delete(key);
  }

  return {
    store(message, key) {
      const before = byId.get(message.message_id);
      if (before?.seen.has(message.version) || (key !== undefined && keys.has(key))) return "duplicate";
      const stored = before ?? { current: message, seen: new Set() };
      stored.seen.add(message.version);
      if (key !== undefined) {
        stored.seen.add(key);
        keys.add(key);
      }
      if (message.version > stored.current.version) stored.current = message;
      const dropped = setBounded(byId, message.message_id, stored, keep);
      if (dropped) forget(dropped);
      return "stored";
    },
    of: (conversationId) =>
      all()
        .filter((message) => message.conversation_id === conversationId)
        .toSorted((one, other) => Date.parse(one.sent_at ?? "") - Date.parse(other.sent_at ?? "") || 0),
    all,
    find: (messageId) => byId.get(messageId)?.current,
    save: () => [...byId.values()].map(({ current, seen }) => ({ current, seen: [...seen] })),
    restore(saved) {
      for (const { current, seen } of saved) {
        byId.set(current.message_id, { current, seen: new Set(seen) });
        for (const key of seen) if (typeof key === "string") keys.add(key);
      }
    },
  };
}
