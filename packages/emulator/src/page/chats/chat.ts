import type { ChatMessage } from "../../chats/chat-message.ts";

/** What a number and a customer wrote to each other. */
export interface Chat {
  readonly key: string;
  readonly phoneNumberId: string;
  readonly customer: string;
  /** The customer's name, or their number. */
  readonly name: string;
  /** The oldest first, without reactions. */
  readonly messages: readonly ChatMessage[];
  /** The emoji under each message, by its id. */
  readonly reactions: ReadonlyMap<string, readonly string[]>;
  readonly last: ChatMessage;
  /** How many messages of the business the customer has not read. */
  readonly unread: number;
}

/** All chats, the latest first. */
export function chatsOf(all: readonly ChatMessage[]): readonly Chat[] {
  const byKey = new Map<string, ChatMessage[]>();
  for (const one of all) {
    const key = `${one.phoneNumberId}/${one.customer}`;
    const own = byKey.get(key);
    if (own) own.push(one);
    else byKey.set(key, [one]);
  }
  return [...byKey]
    .flatMap(([key, own]) => chatOf(key, own) ?? [])
    .toSorted((one, other) => other.last.seq - one.last.seq);
}

function chatOf(key: string, all: readonly ChatMessage[]): Chat | undefined {
  const last = all.at(-1);
  if (!last) return undefined;
  const { phoneNumberId, customer } = last;
  return {
    key,
    phoneNumberId,
    customer,
    name: all.findLast(({ profileName }) => profileName !== undefined)?.profileName ?? shownNumber(customer),
    messages: all.filter(({ type }) => type !== "reaction"),
    reactions: reactionsIn(all),
    last,
    unread: all.filter(isUnread).length,
  };
}

function isUnread({ direction, status, type }: ChatMessage): boolean {
  return direction === "out" && type !== "reaction" && !["read", "played", "failed"].includes(status);
}

/** Each side has one reaction to a message: its latest, which may be none. */
function reactionsIn(all: readonly ChatMessage[]): ReadonlyMap<string, readonly string[]> {
  const bySide = new Map<string, Map<string, string>>();
  for (const { type, direction, content } of all) {
    const reaction =
      type === "reaction" && (content["reaction"] as { message_id?: unknown; emoji?: unknown } | undefined);
    if (!reaction || typeof reaction.message_id !== "string") continue;
    const sides = bySide.get(reaction.message_id) ?? new Map<string, string>();
    sides.set(direction, typeof reaction.emoji === "string" ? reaction.emoji : "");
    bySide.set(reaction.message_id, sides);
  }
  return new Map([...bySide].map(([id, sides]) => [id, [...sides.values()].filter((emoji) => emoji !== "")]));
}

/** A phone number with its plus; a user id as it is. */
export function shownNumber(customer: string): string {
  return /^\d+$/.test(customer) ? `+${customer}` : customer;
}
