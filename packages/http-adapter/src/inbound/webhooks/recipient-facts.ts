import type { RecipientFact } from "@message-sender/core";

import { type Fields, fieldsOf, nameOf, timeOf } from "./webhook-values.ts";

/** What one element says of a recipient, under each name that the webhook gives them. */
export interface ReadRecipient {
  readonly facts: readonly RecipientFact[];
  /** What of it was not understood, in a few words. */
  readonly unread?: string;
}

type Said = Pick<RecipientFact, "kind"> & { readonly names: readonly unknown[] };

/**
 * What an element of each field says, and of whom; undefined where it says nothing of a recipient. What a group is told, and
 * what WhatsApp itself says, opens no window.
 */
const readers = {
  messages: (element: Fields): Said | undefined => {
    const { type, group_id: group } = element;
    return type === "system" || (typeof group === "string" && group !== "") ? undefined : wrote(element);
  },
  calls: (element: Fields): Said | undefined => {
    const { event, direction } = element;
    return event === "connect" && direction === "USER_INITIATED" ? wrote(element) : undefined;
  },
  user_preferences: ({ category, value, wa_id, user_id, parent_user_id }: Fields): Said | undefined => {
    if (category !== "marketing_messages" || (value !== "stop" && value !== "resume")) return undefined;
    const kind = value === "stop" ? "StoppedMarketing" : "ResumedMarketing";
    return { kind, names: [wa_id, user_id, parent_user_id] };
  },
};

/** A field of a webhook whose elements tell of recipients; each has its list under its own name. */
export type RecipientField = keyof typeof readers;

export function isRecipientField(field: string): field is RecipientField {
  return Object.hasOwn(readers, field);
}

function wrote({ from, from_user_id, from_parent_user_id }: Fields): Said {
  return { kind: "Wrote", names: [from, from_user_id, from_parent_user_id] };
}

/** The people whom the `contacts` beside such a list name, each under every name. */
export interface Contacts {
  readonly byName: ReadonlyMap<string, readonly string[]>;
  /** The names of the only one there. */
  readonly only: readonly string[];
}

export function readContacts(contacts: unknown): Contacts {
  const named = (Array.isArray(contacts) ? contacts : []).map((contact: unknown) => {
    const { wa_id, user_id, parent_user_id } = fieldsOf(contact) ?? {};
    return namedIn([wa_id, user_id, parent_user_id]);
  });
  const byName = new Map(named.flatMap((names) => names.map((name) => [name, names] as const)));
  return { byName, only: named.length === 1 ? (named[0] ?? []) : [] };
}

export function readRecipient(
  field: RecipientField,
  element: unknown,
  { contacts, phoneNumberId }: { readonly contacts: Contacts; readonly phoneNumberId: string },
): ReadRecipient {
  const fields = fieldsOf(element);
  if (!fields) return { facts: [], unread: "no object" };
  const said = readers[field](fields);
  if (!said) return { facts: [] };
  const names = namesOf(said.names, contacts);
  if (names.length === 0) return { facts: [], unread: "nobody is named" };
  const at = timeOf(fields["timestamp"]);
  if (!at) return { facts: [], unread: "no time" };
  return { facts: names.map((recipient) => ({ kind: said.kind, at, recipient, phoneNumberId })) };
}

/** Their own names, and those under which a contact is the same person: the only one there where none is given. */
function namesOf(given: readonly unknown[], { byName, only }: Contacts): readonly string[] {
  const own = namedIn(given);
  return own.length === 0 ? only : [...new Set([...own, ...own.flatMap((name) => byName.get(name) ?? [])])];
}

function namedIn(values: readonly unknown[]): readonly string[] {
  return values.map(nameOf).filter((name) => name !== undefined);
}
