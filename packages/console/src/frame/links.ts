import type { MessageStatus } from "@message-sender/core";

/** Which messages are looked for, in the words of a URL. */
export interface Search {
  /** What was typed in the box. */
  readonly q?: string;
  /** Which meaning of `q` a later page goes on with. */
  readonly as?: string;
  readonly tenant?: string;
  readonly outlet?: string;
  readonly conversation?: string;
  readonly status?: MessageStatus;
  readonly since?: Date;
  readonly until?: Date;
  readonly cursor?: string;
}

/** The page that lists the messages of a search, or one below it, such as `many`, with more fields in its query. */
export function messagesHref(search: Search = {}, page = "", more: Readonly<Record<string, string>> = {}): string {
  const path = page === "" ? "/console/messages" : `/console/messages/${page}`;
  const query = queryOf(search, more);
  return query === "" ? path : `${path}?${query}`;
}

/** A search as the query of a URL, after `more` fields. Times are in UTC. */
export function queryOf(search: Search, more: Readonly<Record<string, string>> = {}): string {
  const params = new URLSearchParams(more);
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined) params.set(name, value instanceof Date ? shortTime(value) : String(value));
  }
  return params.toString();
}

/** A time in UTC, without seconds where they are 0. */
export function shortTime(time: Date): string {
  return time.toISOString().replace(/(?::00)?\.000Z$/, "");
}

/** The page of a message, or one below it, such as `confirm`. */
export function messageHref({ id }: { readonly id: string }, page?: string): string {
  return `/console/messages/${encodeURIComponent(id)}${page === undefined ? "" : `/${page}`}`;
}

/** The page of a tenant. */
export function tenantHref(tenantId: string): string {
  return `/console/tenants/${encodeURIComponent(tenantId)}`;
}

/** The place of a number in the list of numbers. */
export function numberHref(phoneNumberId: string): string {
  return `/console/tenants#number-${phoneNumberId}`;
}
