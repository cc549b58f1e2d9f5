import { fieldRules, isIdentifier } from "../../content/identifiers.ts";
import type { ContentProblem } from "../../content/parse-content.ts";
import type { WebhookFilter } from "../../ports/store/webhook-inbox.ts";
import type { FieldRule } from "../accept/field-checks.ts";
import { pageRules, problemsOfQuery, type QueryFields, rangeRules } from "../list/check-query.ts";

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

const filterRules: readonly FieldRule<WebhookFilter>[] = [
  [
    "phoneNumberId",
    ({ phoneNumberId }) => phoneNumberId === undefined || isIdentifier(phoneNumberId),
    fieldRules.identifier,
  ],
  ...rangeRules,
];
const forwardRules: readonly FieldRule<ForwardWebhooksQuery>[] = [
  ...filterRules,
  ["again", ({ again }) => again === undefined || typeof again === "boolean", "must be true or false"],
];

export function problemsOfWebhooks(query: WebhooksQuery): readonly ContentProblem[] {
  return problemsOfQuery(query, listFields, [...filterRules, ...pageRules]);
}

export function problemsOfForward(query: ForwardWebhooksQuery): readonly ContentProblem[] {
  return problemsOfQuery(query, forwardFields, forwardRules);
}
