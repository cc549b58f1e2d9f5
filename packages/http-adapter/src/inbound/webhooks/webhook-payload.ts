import { isIdentifier, type RecipientFact, type StatusUpdate, type UnreadPart } from "@message-sender/core";

import { decodeUtf8, parseJson } from "../requests/json-body.ts";
import { cutKept, type Kept, type KeptChange, type KeptEntry } from "./other-changes.ts";
import { isRecipientField, readContacts, readRecipient, type RecipientField } from "./recipient-facts.ts";
import { type DescribeFailure, readStatus } from "./status-element.ts";
import { type Fields, fieldsOf } from "./webhook-values.ts";

/** What a webhook says. Each part of it is read, or kept, or both. */
export interface WebhookContent {
  readonly updates: readonly StatusUpdate[];
  readonly facts: readonly RecipientFact[];
  /** What is not the status of a message or was not understood, each a webhook of its own, as it was written. */
  readonly others: readonly string[];
  /** What was not understood. */
  readonly unread: readonly UnreadPart[];
}

/** Gathers what is found on the way through a webhook. */
interface Reading {
  readonly describe: DescribeFailure;
  readonly updates: StatusUpdate[];
  readonly facts: RecipientFact[];
  note(part: UnreadPart["part"], reason: string): void;
}

/** A webhook names up to a thousand statuses; why they are odd is to stay readable. */
const mostReasons = 20;

/** Reads a webhook. Nothing in it is an error: what is odd is kept and named, and holds up nothing beside it. */
export function readWebhook(bytes: ArrayBuffer | Uint8Array, describe: DescribeFailure): WebhookContent {
  const counts = new Map<string, UnreadPart>();
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
    .andThen((text) => parseJson(text).map((value) => cutKept(text, readBody(value, reading))))
    .unwrapOr(undefined);
  const { updates, facts } = reading;
  if (others) return { updates, facts, others, unread: [...counts.values()] };
  return { updates, facts, others: [], unread: [{ part: "body", reason: "no JSON", count: 1, dropped: true }] };
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

/** Since 2026 Meta names the recipient in `contacts` beside most statuses: that says nothing more than they do. */
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
