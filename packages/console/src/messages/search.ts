import type { ListMessagesQuery } from "@message-sender/core";
import { isIdentifier, messageStatuses } from "@message-sender/core/adapter";

import type { Search } from "../frame/links.ts";

/** What a URL asks for, and what in it cannot be meant. */
export interface ReadSearch {
  readonly search: Search;
  readonly problems: readonly string[];
}

/** Reads the query of a URL. What is not valid is left out and named. */
export function readSearch(query: Readonly<Record<string, string>>): ReadSearch {
  const problems: string[] = [];
  function field<T>(name: string, read: (text: string) => T | undefined, rule: string): T | undefined {
    const text = query[name]?.trim() ?? "";
    if (text === "") return undefined;
    const value = read(text);
    if (value === undefined) problems.push(`${name} ${rule}`);
    return value;
  }
  const identifier = (name: string) =>
    field(name, (text) => (isIdentifier(text) ? text : undefined), "must be 1–128 URL-safe characters");
  const time = (name: string) => field(name, timeIn, "must be a time such as 2026-01-31T12:00");
  const text = (name: string, longest: number) =>
    field(name, (given) => (given.length <= longest ? given : undefined), "is too long");
  const since = time("since");
  const until = time("until");
  const isTurned = since && until && since >= until;
  if (isTurned) problems.push("until must be later than since");
  const search = {
    q: text("q", 512),
    as: text("as", 40),
    tenant: identifier("tenant"),
    outlet: identifier("outlet"),
    conversation: identifier("conversation"),
    status: field("status", (given) => messageStatuses.find((status) => status === given), "is not a status"),
    since,
    until: isTurned ? undefined : until,
    cursor: text("cursor", 2000),
  };
  return { search: withoutAbsent(search), problems };
}

/** The same search from its first page. */
export function fromStart({ as: _as, cursor: _cursor, ...search }: Search): Search {
  return search;
}

/** The filters beside the search box. */
export function filterOf(search: Search): Omit<ListMessagesQuery, "tenantId" | "limit" | "cursor"> {
  const { outlet, conversation, status, since, until } = search;
  return withoutAbsent({ outletId: outlet, conversationId: conversation, status, since, until });
}

/** A time as a date field has it, or in ISO 8601; in UTC where it names no zone. */
function timeIn(text: string): Date | undefined {
  const zoned = /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(text) ? `${text}Z` : text;
  const time = new Date(zoned);
  return /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(time.getTime()) ? time : undefined;
}

type Present<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

function withoutAbsent<T extends object>(value: T): Partial<Present<T>> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<Present<T>>;
}
