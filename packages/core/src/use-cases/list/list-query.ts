import { fieldRules, type Identifier, isIdentifier, isRecipient, isWamid } from "../../content/identifiers.ts";
import type { ContentProblem } from "../../content/parse-content.ts";
import { messageStatuses } from "../../domain/message-filter.ts";
import type { MessageStatus } from "../../domain/status.ts";
import type { FieldRule } from "../accept/field-checks.ts";
import { isIdempotencyKey, isReference } from "../accept/send-command.ts";
import { areTenants, pageRules, problemsOfQuery, type QueryFields, rangeRules, tenantsRule } from "./check-query.ts";

/** Which messages to list. A message is listed if it matches every field that is present. An unknown field is refused. */
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
  /** Accepted before this time, which is later than `since`. */
  readonly until?: Date;
  /** How many messages to return at most, from 1 to 100. Default: 50. */
  readonly limit?: number;
  /** The `nextCursor` of the page before, with the same other fields; `limit` may change. Default: the first page. */
  readonly cursor?: string;
}

const fields: QueryFields<ListMessagesQuery> = {
  tenantId: true,
  outletId: true,
  conversationId: true,
  status: true,
  to: true,
  reference: true,
  whatsappMessageId: true,
  idempotencyKey: true,
  since: true,
  until: true,
  limit: true,
  cursor: true,
};

export function problemsOfList(query: ListMessagesQuery): readonly ContentProblem[] {
  return problemsOfQuery(query, fields, rules);
}

const rules: readonly FieldRule<ListMessagesQuery>[] = [
  tenantsRule,
  ifGiven("outletId", ({ outletId }) => isIdentifier(outletId), fieldRules.identifier),
  ifGiven("conversationId", ({ conversationId }) => isIdentifier(conversationId), fieldRules.identifier),
  ifGiven(
    "status",
    ({ status }) => messageStatuses.some((one) => one === status),
    `must be one of ${messageStatuses.join(", ")}`,
  ),
  ifGiven("to", ({ to }) => isRecipient(to), fieldRules.recipient),
  ifGiven("reference", ({ reference }) => isReference(reference), "must be a string of up to 255 characters"),
  ifGiven("whatsappMessageId", ({ whatsappMessageId }) => isWamid(whatsappMessageId), fieldRules.wamid),
  ifGiven(
    "idempotencyKey",
    ({ idempotencyKey }) => isIdempotencyKey(idempotencyKey),
    "must be 1–255 visible ASCII characters",
  ),
  ifGiven("idempotencyKey", hasOneTenant, "needs a tenant: each tenant has its own keys"),
  ...rangeRules,
  ...pageRules,
];

function ifGiven(
  field: keyof ListMessagesQuery,
  isValid: (query: ListMessagesQuery) => boolean,
  detail: string,
): FieldRule<ListMessagesQuery> {
  return [field, (query) => query[field] === undefined || isValid(query), detail];
}

function hasOneTenant(query: ListMessagesQuery): boolean {
  return areTenants(query.tenantId) && tenantIdsOf(query)?.length === 1;
}

/** The tenants of a valid query, in a fixed order, each once. Undefined: every tenant. */
export function tenantIdsOf({ tenantId }: ListMessagesQuery): readonly Identifier[] | undefined {
  if (tenantId === undefined) return undefined;
  return typeof tenantId === "string" ? [tenantId] : [...new Set(tenantId)].toSorted();
}
