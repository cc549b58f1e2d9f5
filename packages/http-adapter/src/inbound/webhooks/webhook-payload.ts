import {
  isIdentifier,
  type RecipientFact,
  type StatusUpdate,
  type UnrecognizedPart,
} from "@message-sender/core/adapter";

import { decodeUtf8, parseJson } from "../bodies/json-body.ts";
import { extractSelected, type Kept, type KeptChange, type KeptEntry } from "./extract-selected.ts";
import { isRecipientField, readContacts, readRecipient, type RecipientField } from "./recipient-facts.ts";
import { type DescribeFailure, readStatus } from "./status-element.ts";
import { type Fields, fieldsOf } from "../bodies/json-fields.ts";

/** A parsed webhook. Each part of it is parsed, kept, or both. */
export interface WebhookContent {
  readonly updates: readonly StatusUpdate[];
  readonly facts: readonly RecipientFact[];
  /** Everything that is not a message status or was not understood. Each is a webhook of its own, in its original text. */
  readonly others: readonly string[];
  /** The parts that were not understood. */
  readonly unread: readonly UnrecognizedPart[];
}

/** Collects what is found while a webhook is parsed. */
interface Reading {
  readonly describe: DescribeFailure;
  readonly updates: StatusUpdate[];
  readonly facts: RecipientFact[];
  note(part: UnrecognizedPart["part"], reason: string): void;
}

/** A webhook may have a thousand statuses. The list of reasons has to stay readable. */
const mostReasons = 20;

/** Parses a webhook. It never fails: what is not understood is kept and reported, and does not affect the rest. */
export function readWebhook(bytes: ArrayBuffer | Uint8Array, describe: DescribeFailure): WebhookContent {
  const counts = new Map<string, UnrecognizedPart>();
  const reading: Reading = {
    describe,
    updates: [],
    facts: [],
    note(part, reason) {
      const isKnown = counts.size < mostReasons || counts.has(`${part} ${reason}`);
      const why = isKnown ? reason : "several reasons";
      const count = (counts.get(`${part} ${why}`)?.count ?? 0) + 1;
      counts.set(`${part} ${why}`, { part, reason: why, count });
    },
  };
  const others = decodeUtf8(bytes)
    .andThen((text) => parseJson(text).map((value) => extractSelected(text, readBody(value, reading))))
    .unwrapOr(undefined);
  const { updates, facts } = reading;
  if (others) return { updates, facts, others, unread: [...counts.values()] };
  return { updates, facts, others: [], unread: [{ part: "body", reason: "not JSON", count: 1, dropped: true }] };
}

function readBody(value: unknown, reading: Reading): Kept {
  const { object, entry } = fieldsOf(value) ?? {};
  if (!Array.isArray(entry)) {
    reading.note("body", "no list of entries");
    return "whole";
  }
  const isOurs = object === "whatsapp_business_account";
  if (!isOurs && entry.length > 0) reading.note("body", "another object");
  return entry.map((each: unknown) => readEntry(each, isOurs, reading));
}

function readEntry(value: unknown, isOurs: boolean, reading: Reading): KeptEntry {
  const changes = fieldsOf(value)?.["changes"];
  if (Array.isArray(changes)) return changes.map((each: unknown) => (isOurs ? readChange(each, reading) : "whole"));
  reading.note("entry", "no list of changes");
  return "whole";
}

function readChange(value: unknown, reading: Reading): KeptChange {
  const { field, value: content } = fieldsOf(value) ?? {};
  const said = fieldsOf(content);
  if (typeof field !== "string") reading.note("changes", "no field");
  else if (!said) reading.note("changes", "no value");
  if (typeof field !== "string" || !said) return "whole";
  if (isRecipientField(field)) readRecipients(field, said, reading);
  return field === "messages" && Object.hasOwn(said, "statuses") ? readStatuses(said, reading) : "whole";
}

function readRecipients(field: RecipientField, said: Fields, reading: Reading): void {
  const elements = said[field];
  if (elements === undefined) return;
  if (!Array.isArray(elements)) return reading.note(field, "no list");
  const phoneNumberId = numberOf(said);
  const contacts = readContacts(said["contacts"]);
  for (const element of elements) {
    const { facts, unread } =
      phoneNumberId === undefined
        ? { facts: [], unread: "no phone number id" }
        : readRecipient(field, element, { contacts, phoneNumberId });
    reading.facts.push(...facts);
    if (unread !== undefined) reading.note(field, unread);
  }
}

/** Since 2026 Meta adds the recipient as `contacts` to most statuses, which repeats what they say. */
const statusListParts: ReadonlySet<string> = new Set(["messaging_product", "metadata", "contacts", "statuses"]);

function readStatuses(said: Fields, reading: Reading): KeptChange {
  const { statuses, contacts = [] } = said;
  if (!Array.isArray(statuses)) {
    reading.note("statuses", "no list");
    return "whole";
  }
  const phoneNumberId = numberOf(said);
  const unread = new Set<number>();
  for (const [index, element] of statuses.entries()) {
    const read =
      phoneNumberId === undefined
        ? { unread: "no phone number id" }
        : readStatus(element, phoneNumberId, reading.describe);
    if ("update" in read && read.update) reading.updates.push(read.update);
    if (read.unread === undefined) continue;
    reading.note("statuses", read.unread);
    unread.add(index);
  }
  const isKnown = Array.isArray(contacts) && contacts.every((contact: unknown) => fieldsOf(contact));
  if (!isKnown) reading.note("contacts", "no list of objects");
  if (!isKnown || Object.keys(said).some((key) => !statusListParts.has(key))) return "whole";
  return unread.size === 0 ? "nothing" : { statuses: unread };
}

function numberOf({ metadata }: Fields): string | undefined {
  const id = fieldsOf(metadata)?.["phone_number_id"];
  const text = Number.isSafeInteger(id) ? String(id) : id;
  return typeof text === "string" && isIdentifier(text) ? text : undefined;
}
