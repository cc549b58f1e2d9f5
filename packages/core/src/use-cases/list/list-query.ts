import { fieldRules, type Identifier, isIdentifier, isRecipient, isWamid } from "../../content/identifiers.ts";
import type { ContentProblem } from "../../content/parse-content.ts";
import { messageStatuses } from "../../domain/message-filter.ts";
import type { MessageStatus } from "../../domain/status.ts";
import { type FieldCheck, problemsOf, timeCheck } from "../accept/field-checks.ts";
import { isIdempotencyKey, isReference } from "../accept/send-command.ts";

/** Which messages to list. A message is listed if it matches every field that is present. */
export interface ListMessagesQuery {
  /** One tenant, or several. Default: every tenant. */
  readonly tenantId?: Identifier | readonly Identifier[];
  readonly outletId?: Identifier;
  readonly conversationId?: Identifier;
  readonly status?: MessageStatus;
  /** The recipient, as it was given to `send`. */
  readonly to?: string;
  /** Your own id of the message. Several messages may have the same one. */
  readonly reference?: string;
  /** Any of the ids that WhatsApp gave the message. */
  readonly whatsappMessageId?: string;
  /** Needs a single `tenantId`, because each tenant has its own keys. Keys are forgotten before their messages. */
  readonly idempotencyKey?: string;
  /** Accepted at this time or later. */
  readonly since?: Date;
  /** Accepted before this time. */
  readonly until?: Date;
  /** How many messages to return at most, from 1 to 100. Default: 50. */
  readonly limit?: number;
  /** The `nextCursor` of the page before, with the same other fields; `limit` may change. Default: the first page. */
  readonly cursor?: string;
}

/** The query is invalid. */
export interface InvalidQuery {
  readonly kind: "InvalidQuery";
  /** Every problem, with the path of its field. */
  readonly problems: readonly ContentProblem[];
}

export const cursorRule = "must come from the page before, of the same list";

/** The cursor was changed, or belongs to another list. */
export const notItsCursor: InvalidQuery = {
  kind: "InvalidQuery",
  problems: [{ path: ["cursor"], detail: cursorRule }],
};

/** How many messages a page may have. */
export const largestPage = 100;
export const defaultPage = 50;

/** A caller without types may pass anything. */
export function problemsOfQuery(query: ListMessagesQuery): readonly ContentProblem[] {
  const { tenantId, outletId, conversationId, status, to, reference, whatsappMessageId, idempotencyKey } = query;
  const { since, until, limit, cursor } = query;
  const check = (name: keyof ListMessagesQuery, isValid: (given: never) => boolean, detail: string): FieldCheck => [
    name,
    query[name] === undefined || isValid(query[name] as never),
    detail,
  ];
  const areIdentifiers = Array.isArray(tenantId) ? tenantId.every(isIdentifier) : isIdentifier(tenantId);
  return problemsOf([
    check("tenantId", () => areIdentifiers, fieldRules.identifier),
    check("outletId", () => isIdentifier(outletId), fieldRules.identifier),
    check("conversationId", () => isIdentifier(conversationId), fieldRules.identifier),
    check(
      "status",
      () => messageStatuses.some((one) => one === status),
      `must be one of ${messageStatuses.join(", ")}`,
    ),
    check("to", () => isRecipient(to), fieldRules.recipient),
    check("reference", () => isReference(reference), "must be a string of up to 255 characters"),
    check("whatsappMessageId", () => isWamid(whatsappMessageId), fieldRules.wamid),
    check("idempotencyKey", () => isIdempotencyKey(idempotencyKey), "must be 1–255 visible ASCII characters"),
    check("idempotencyKey", () => tenantIdsOf(query)?.length === 1, "needs a tenant: each tenant has its own keys"),
    timeCheck("since", since),
    timeCheck("until", until),
    check(
      "limit",
      () => Number.isInteger(limit) && isWithin(limit ?? 0),
      `must be a whole number from 1 to ${largestPage}`,
    ),
    check("cursor", () => typeof cursor === "string", cursorRule),
  ]);
}

function isWithin(limit: number): boolean {
  return limit >= 1 && limit <= largestPage;
}

/** The tenants of a valid query, in a fixed order, each once. Undefined: every tenant. */
export function tenantIdsOf({ tenantId }: ListMessagesQuery): readonly Identifier[] | undefined {
  if (tenantId === undefined) return undefined;
  return typeof tenantId === "string" ? [tenantId] : [...new Set(tenantId)].toSorted();
}
