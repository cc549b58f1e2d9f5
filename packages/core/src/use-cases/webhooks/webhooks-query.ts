import { fieldRules, isIdentifier } from "../../content/identifiers.ts";
import type { ContentProblem } from "../../content/parse-content.ts";
import type { WebhookFilter } from "../../ports/store/webhook-inbox.ts";
import type { FieldCheck } from "../accept/field-checks.ts";
import { pageChecks, problemsOfQuery, type QueryFields, rangeChecks } from "../list/check-query.ts";

/** Which kept webhooks to list. An unknown field is refused, and so is an `until` that is not later than `since`. */
export interface WebhooksQuery extends WebhookFilter {
  /** The most webhooks of a page, from 1 to 100. Default: 50. */
  readonly limit?: number;
  /** The `nextCursor` of the page before, with the same filters; `limit` may change. Default: the latest webhooks. */
  readonly cursor?: string;
}

/** Which kept webhooks to forward. It is checked like the query of a list. */
export interface ForwardWebhooksQuery extends WebhookFilter {
  /** Also those that were forwarded before. Default: false. */
  readonly again?: boolean;
}

const filterFields: QueryFields<WebhookFilter> = { phoneNumberId: true, since: true, until: true };
const listFields: QueryFields<WebhooksQuery> = { ...filterFields, limit: true, cursor: true };
const forwardFields: QueryFields<ForwardWebhooksQuery> = { ...filterFields, again: true };

export function problemsOfWebhooks(query: WebhooksQuery): readonly ContentProblem[] {
  return problemsOfQuery(query, listFields, (given) => [
    ...filterChecks(given),
    ...pageChecks(given.limit, given.cursor),
  ]);
}

export function problemsOfForward(query: ForwardWebhooksQuery): readonly ContentProblem[] {
  return problemsOfQuery(query, forwardFields, (given) => [
    ...filterChecks(given),
    ["again", given.again === undefined || typeof given.again === "boolean", "must be true or false"],
  ]);
}

function filterChecks({ phoneNumberId, since, until }: WebhookFilter): readonly FieldCheck[] {
  return [
    ["phoneNumberId", phoneNumberId === undefined || isIdentifier(phoneNumberId), fieldRules.identifier],
    ...rangeChecks(since, until),
  ];
}
