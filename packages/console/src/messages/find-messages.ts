import {
  type InvalidQuery,
  type ListMessagesQuery,
  type Message,
  type MessageList,
  type MessageSender,
  statusOf,
  type Unavailable,
} from "@message-sender/core";
import { explainPause } from "@message-sender/core/adapter";
import { err, ok, type Result } from "neverthrow";

import type { Search } from "../frame/links.ts";
import type { Visitor } from "../console-visitor.ts";
import { type Meaning, meaningsOf } from "./recognise.ts";
import { filterOf } from "./search.ts";

/** A page of what was found. */
export interface Found {
  readonly messages: readonly Message[];
  readonly nextCursor?: string;
  /** What pauses those that are queued, in words, by the id of the message. */
  readonly pauses?: ReadonlyMap<string, string>;
  /** What the text in the search box turned out to be. */
  readonly meaning?: Meaning;
  /** What it was looked up as, if nothing was found. */
  readonly triedAs?: readonly string[];
  /** Numbers that may be meant, if what was typed lacks its country code. */
  readonly suggestions?: readonly string[];
}

export type FindError = InvalidQuery | Unavailable;

/** The query of a visitor: what they do not see is not in it. Undefined if they look for a tenant that they do not see. */
export function visitorQuery(visitor: Visitor, search: Search): Pick<ListMessagesQuery, "tenantId"> | undefined {
  if (search.tenant !== undefined) return visitor.sees(search.tenant) ? { tenantId: search.tenant } : undefined;
  return visitor.tenants === "all" ? {} : { tenantId: [...visitor.tenants] };
}

/** Finds the messages of a search, the newest first, up to `limit`, with what pauses them. */
export async function findWithPauses(
  ...[sender, ...search]: Parameters<typeof findMessages>
): Promise<Result<Found, FindError>> {
  const found = await findMessages(sender, ...search);
  if (found.isErr()) return found;
  const { messages } = found.value;
  const queued = messages.filter((message) => statusOf(message) === "queued");
  const pauses = await Promise.all(queued.map(async (message) => [message.id, await sender.pauseOf(message)] as const));
  const known = pauses.flatMap(([id, pause]) => (pause ? [[id, explainPause(pause)] as const] : []));
  return ok({ ...found.value, pauses: new Map(known) });
}

/** Finds the messages of a search, the newest first, up to `limit`. */
export async function findMessages(
  sender: MessageSender,
  visitor: Visitor,
  search: Search,
  limit: number,
): Promise<Result<Found, FindError>> {
  const ofVisitor = visitorQuery(visitor, search);
  if (!ofVisitor) return ok({ messages: [] });
  const { cursor } = search;
  const query = { ...filterOf(search), ...ofVisitor, limit, ...(cursor !== undefined && { cursor }) };
  if (search.q === undefined) return sender.list(query);

  const meanings = meaningsOf(search.q).filter(({ what }) => search.as === undefined || what === search.as);
  for (const meaning of meanings) {
    const found = await look(sender, visitor, query, meaning);
    if (found.isErr()) return err(found.error);
    const { messages, nextCursor } = found.value;
    if (messages.length > 0 || nextCursor !== undefined) return ok({ ...found.value, meaning });
  }
  return ok({ messages: [], triedAs: meanings.map(({ what }) => what) });
}

function look(
  sender: MessageSender,
  visitor: Visitor,
  query: ListMessagesQuery,
  meaning: Meaning,
): PromiseLike<Result<MessageList, FindError>> {
  if (!("messageId" in meaning)) return sender.list({ ...query, ...meaning.filter });
  return findVisible(sender, visitor, meaning.messageId).then((found) =>
    found.map((message) => ({ messages: message ? [message] : [] })),
  );
}

/** One message, by its id. Undefined if there is none, or if the visitor does not see its tenant. */
export async function findVisible(
  sender: MessageSender,
  visitor: Visitor,
  messageId: string,
): Promise<Result<Message | undefined, Unavailable>> {
  const found = await sender.find(messageId);
  if (found.isOk()) return ok(visitor.sees(found.value.request.outlet.tenantId) ? found.value : undefined);
  return found.error.kind === "MessageNotFound" ? ok(undefined) : err(found.error);
}
