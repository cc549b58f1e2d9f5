import type { CancelManyQuery, MessageSender, MessageStatus } from "@message-sender/core";
import { err, ok, type Result } from "neverthrow";

import type { Search } from "../frame/links.ts";
import { type FindError, findMessages, visitorQuery } from "../messages/find-messages.ts";
import { filterOf } from "../messages/search.ts";
import type { Visitor } from "../console-visitor.ts";

/** What can be done to all messages of a search. */
export type ManyAction = "cancel" | "resend";

/** In which statuses an action changes a message. */
export const changeable: Readonly<Record<ManyAction, readonly MessageStatus[]>> = {
  cancel: ["queued"],
  resend: ["failed", "unknown"],
};

/** How many messages of a status would be changed. */
export interface Count {
  readonly status: MessageStatus;
  readonly count: number;
  /** There are more: the count stopped. */
  readonly isMore: boolean;
}

/** Which messages a change would touch. */
export interface Plan {
  readonly query: CancelManyQuery;
  readonly counts: readonly Count[];
}

/** The filter cannot be used for a change of many. */
export interface NoPlan {
  readonly kind: "NoPlan";
  readonly why: string;
}

/** Counts of one status are enough for a person by then. */
const mostCounted = 10_000;
const longestMs = 3000;

/**
 * What a change of all messages of a search would touch. Messages that are accepted after `until` are not among them, so that nothing is
 * changed that the visitor has not been told of.
 */
export async function planChange(
  sender: MessageSender,
  visitor: Visitor,
  search: Search,
  action: ManyAction,
  until: Date,
): Promise<Result<Plan, FindError | NoPlan>> {
  const query = await queryOfSearch(sender, visitor, search, until);
  if (query.isErr()) return err(query.error);
  const statuses = changeable[action].filter((status) => search.status === undefined || search.status === status);
  const counts: Count[] = [];
  for (const status of statuses) {
    const counted = await count(sender, { ...query.value, status }, action);
    if (counted.isErr()) return err(counted.error);
    counts.push({ status, ...counted.value });
  }
  return ok({ query: query.value, counts });
}

/** The filter of a search, with what its text turned out to mean. */
async function queryOfSearch(
  sender: MessageSender,
  visitor: Visitor,
  search: Search,
  until: Date,
): Promise<Result<CancelManyQuery, FindError | NoPlan>> {
  const ofVisitor = visitorQuery(visitor, search);
  if (!ofVisitor) return err({ kind: "NoPlan", why: "You see no such tenant." });
  const { status: _, ...filter } = filterOf(search);
  const ends = search.until !== undefined && search.until < until ? search.until : until;
  const base = { ...filter, ...ofVisitor, until: ends };
  if (search.q === undefined) return ok(base);
  const found = await findMessages(sender, visitor, search, 1);
  if (found.isErr()) return err(found.error);
  const { meaning } = found.value;
  if (!meaning) return err({ kind: "NoPlan", why: `Nothing was found for “${search.q}”.` });
  if ("messageId" in meaning) return err({ kind: "NoPlan", why: "This is one message: open it, and change it there." });
  return ok({ ...base, ...meaning.filter });
}

async function count(
  sender: MessageSender,
  query: CancelManyQuery,
  action: ManyAction,
): Promise<Result<Omit<Count, "status">, FindError>> {
  const endsAt = performance.now() + longestMs;
  let total = 0;
  let cursor: string | undefined;
  do {
    const page = await change(sender, { ...query, isPreview: true, ...(cursor !== undefined && { cursor }) }, action);
    if (page.isErr()) return err(page.error as FindError);
    total += page.value.matched;
    cursor = page.value.nextCursor;
  } while (cursor !== undefined && total < mostCounted && performance.now() < endsAt);
  return ok({ count: total, isMore: cursor !== undefined });
}

/** One call: it changes about a thousand messages. */
export function change(sender: MessageSender, query: CancelManyQuery, action: ManyAction) {
  return action === "cancel" ? sender.cancelMany(query) : sender.resolveMany({ ...query, action });
}
