import { fieldRules, isIdentifier } from "../../content/identifiers.ts";
import type { ContentProblem } from "../../content/parse-content.ts";
import type { WebhookFilter } from "../../ports/webhook-inbox.ts";
import { problemsOf, timeCheck } from "../accept/field-checks.ts";
import { cursorRule } from "../list/list-query.ts";

/** Which kept webhooks to list. */
export interface WebhooksQuery extends WebhookFilter {
  /** The most webhooks of a page, from 1 to 500. Default: 50. */
  readonly limit?: number;
  /** The `nextCursor` of the page before, with the same filters; `limit` may change. Default: the latest webhooks. */
  readonly cursor?: string;
}

/** Which kept webhooks to forward. */
export interface ForwardWebhooksQuery extends WebhookFilter {
  /** Also those that were forwarded before. Default: false. */
  readonly again?: boolean;
}

/** How many webhooks a page may have. */
export const mostWebhooks = 500;
export const defaultWebhooks = 50;

/** A caller without types may pass anything. */
export function problemsOfWebhooks(query: WebhooksQuery): readonly ContentProblem[] {
  const { phoneNumberId, since, until, limit = defaultWebhooks, cursor = "" } = query;
  const isWithin = Number.isInteger(limit) && limit >= 1 && limit <= mostWebhooks;
  return problemsOf([
    ["phoneNumberId", phoneNumberId === undefined || isIdentifier(phoneNumberId), fieldRules.identifier],
    timeCheck("since", since),
    timeCheck("until", until),
    ["limit", isWithin, `must be a whole number from 1 to ${mostWebhooks}`],
    ["cursor", typeof cursor === "string", cursorRule],
  ]);
}
