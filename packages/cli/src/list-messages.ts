import { largestPage } from "@message-sender/core/values";
import type { Result } from "neverthrow";

import type { ApiServer } from "./api/server.ts";
import { collectPages, type Excerpt, type Found, type ListFailure } from "./api/collect-pages.ts";
import { type ListFilters, listPath } from "./list-query.ts";

/** The records of the messages that match. */
export function listMessages(
  server: ApiServer,
  filters: ListFilters,
  excerpt: Excerpt,
): Promise<Result<Found, ListFailure>> {
  return collectPages(server, { field: "messages", largestPage, pathOf: (page) => listPath(filters, page) }, excerpt);
}
