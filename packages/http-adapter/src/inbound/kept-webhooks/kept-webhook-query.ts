import type { WebhooksQuery } from "@message-sender/core";
import { defaultPage, largestPage } from "@message-sender/core/adapter";
import { z } from "zod";

import { cursorParameter, limitParameter, sinceParameter, untilParameter } from "../fields/query-fields.ts";
import { identifierField } from "../fields/request-field.ts";

const filters = {
  phone_number_id: identifierField
    .describe("Meta's id of the business phone number that the webhook is about.")
    .optional(),
  since: sinceParameter.optional(),
  until: untilParameter.optional(),
};

/** The query of the list. */
export const listQuery = z.object({
  ...filters,
  limit: limitParameter(largestPage, defaultPage).describe(
    "The most webhooks of a page. A page may be shorter, also if there is a next one.",
  ),
  cursor: cursorParameter.optional(),
});

/** The query that says what to forward. */
export const forwardQuery = z.object({
  ...filters,
  again: z
    .enum(["true", "false"], { error: "must be true or false" })
    .meta({ type: "boolean" })
    .describe("Also those that were forwarded before.")
    .optional(),
});

type Filters = Pick<WebhooksQuery, "phoneNumberId" | "since" | "until">;

export function filtersOf({ phone_number_id, since, until }: z.output<typeof forwardQuery>): Filters {
  return {
    ...(phone_number_id !== undefined && { phoneNumberId: phone_number_id }),
    ...(since && { since }),
    ...(until && { until }),
  };
}
