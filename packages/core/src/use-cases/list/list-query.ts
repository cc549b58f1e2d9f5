import { fieldRules, type Identifier, isIdentifier, isRecipient, isWamid } from "../../content/identifiers.ts";
import type { ContentProblem } from "../../content/parse-content.ts";
import { messageStatuses } from "../../domain/message-filter.ts";
import type { MessageStatus } from "../../domain/status.ts";
import type { FieldCheck } from "../accept/field-checks.ts";
import { isIdempotencyKey, isReference } from "../accept/send-command.ts";
import { areTenants, pageChecks, problemsOfQuery, type QueryFields, rangeChecks } from "./check-query.ts";

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
  return problemsOfQuery(query, fields, checksOf);
}

function checksOf(query: ListMessagesQuery): readonly FieldCheck[] {
  const { tenantId, outletId, conversationId, status, to, reference, whatsappMessageId, idempotencyKey } = query;
  const check = (name: keyof ListMessagesQuery, isValid: () => boolean, detail: string): FieldCheck => [
    name,
    query[name] === undefined || isValid(),
    detail,
  ];
  const areIdentifiers = areTenants(tenantId);
  const hasOneTenant = () => areIdentifiers && tenantIdsOf(query)?.length === 1;
  return [
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
    check("idempotencyKey", hasOneTenant, "needs a tenant: each tenant has its own keys"),
    ...rangeChecks(query.since, query.until),
    ...pageChecks(query.limit, query.cursor),
  ];
}

/** The tenants of a valid query, in a fixed order, each once. Undefined: every tenant. */
export function tenantIdsOf({ tenantId }: ListMessagesQuery): readonly Identifier[] | undefined {
  if (tenantId === undefined) return undefined;
  return typeof tenantId === "string" ? [tenantId] : [...new Set(tenantId)].toSorted();
}
