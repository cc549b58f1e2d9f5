import type { RecipientFact } from "@message-sender/core/adapter";

import { type Fields, fieldsOf } from "../bodies/json-fields.ts";
import { recipientIdOf, timeOf } from "./webhook-values.ts";

/** What one element says about a recipient, once for each of the recipient's ids. */
export interface ReadRecipient {
  readonly facts: readonly RecipientFact[];
  /** Why the element was not understood. */
  readonly unread?: string;
}

type Said = Pick<RecipientFact, "kind"> & { readonly names: readonly unknown[] };

/**
 * Parsers of the elements of each field. Undefined if the element says nothing about a recipient: group messages and WhatsApp's
 * own system messages open no customer service window.
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

/** A webhook field whose elements concern recipients. The list has the same name as the field. */
export type RecipientField = keyof typeof readers;

export function isRecipientField(field: string): field is RecipientField {
  return Object.hasOwn(readers, field);
}

function wrote({ from, from_user_id, from_parent_user_id }: Fields): Said {
  return { kind: "Wrote", names: [from, from_user_id, from_parent_user_id] };
}

/** The people in the `contacts` of a change, each with all of their ids. */
export interface Contacts {
  readonly byName: ReadonlyMap<string, readonly string[]>;
  /** The ids of the only contact, if there is exactly one. */
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
  if (!fields) return { facts: [], unread: "not an object" };
  const said = readers[field](fields);
  if (!said) return { facts: [] };
  const names = namesOf(said.names, contacts);
  if (names.length === 0) return { facts: [], unread: "no recipient id" };
  const at = timeOf(fields["timestamp"]);
  if (!at) return { facts: [], unread: "no time" };
  return { facts: names.map((recipient) => ({ kind: said.kind, at, recipient, phoneNumberId })) };
}

/** The element's own ids and those of the matching contact. Without own ids, those of the only contact. */
function namesOf(given: readonly unknown[], { byName, only }: Contacts): readonly string[] {
  const own = namedIn(given);
  return own.length === 0 ? only : [...new Set([...own, ...own.flatMap((name) => byName.get(name) ?? [])])];
}

function namedIn(values: readonly unknown[]): readonly string[] {
  return values.map(recipientIdOf).filter((name) => name !== undefined);
}
