import type { WebhooksQuery } from "@message-sender/core";
import { err, ok, type Result } from "neverthrow";
import { z } from "zod";

import type { Problem } from "../problems/problem.ts";
import { decodeCursor, encodeCursor } from "../queries/cursor.ts";
import { cursorParameter, limitParameter, sinceParameter, untilParameter } from "../queries/query-fields.ts";
import { invalidQuery } from "../queries/read-query.ts";
import { identifierField } from "../requests/request-field.ts";

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
  limit: limitParameter(500, 50).describe(
    "The most webhooks of a page. A page may be shorter, also if there is a next one.",
  ),
  cursor: cursorParameter.optional(),
});

/** The query that says what to forward. */
export const forwardQuery = z.object({
  ...filters,
  again: z
    .enum(["true", "false"], { error: "must be true or false" })
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

/** A query of the list, and how to write the cursor of its next page. */
export interface ParsedListQuery {
  readonly query: WebhooksQuery;
  cursorOf(next: NonNullable<WebhooksQuery["after"]>): string;
}

/** Checks the cursor, which belongs to a list with the same filters. */
export function parseListQuery(given: z.output<typeof listQuery>): Result<ParsedListQuery, Problem> {
  const filter = filtersOf(given);
  const list = `webhooks ${JSON.stringify(filter)}`;
  const cursorOf: ParsedListQuery["cursorOf"] = ({ receivedAt, id }) =>
    encodeCursor({ at: receivedAt, name: id }, list);
  const { cursor, limit } = given;
  if (cursor === undefined) return ok({ query: { ...filter, limit }, cursorOf });
  const position = decodeCursor(cursor, list);
  if (!position) return err(invalidQuery([notACursor]));
  return ok({ query: { ...filter, limit, after: { receivedAt: position.at, id: position.name } }, cursorOf });
}

const notACursor = { pointer: "/cursor", detail: "must be the next_cursor of a page with the same filters" };
