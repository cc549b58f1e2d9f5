import type { ContentProblem } from "../../content/parse-content.ts";
import type { MessageStatus } from "../../domain/status.ts";
import { type ListMessagesQuery, problemsOfList } from "../list/list-query.ts";

/** The problems of the filters of a change of many messages: those of a list, a status that the change knows, and one at least. */
export function problemsOfChange(
  filter: Omit<ListMessagesQuery, "limit" | "cursor">,
  statuses: readonly MessageStatus[],
): readonly ContentProblem[] {
  const problems = problemsOfList(filter);
  if (problems.length > 0) return problems;
  const { status } = filter;
  if (status !== undefined && !statuses.includes(status)) {
    return [{ path: ["status"], detail: `must be ${statuses.join(" or ")}` }];
  }
  // A filter that a caller left out by mistake must not mean everything.
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  return isFiltered ? [] : [{ path: [], detail: "must have a filter" }];
}
