import { isIdentifier } from "../../content/identifiers.ts";
import type { ContentProblem } from "../../content/parse-content.ts";
import { type FieldCheck, problemsOf, timeCheck } from "../accept/field-checks.ts";
import { largestPage } from "./page-size.ts";

/** The query is invalid. */
export interface InvalidQuery {
  readonly kind: "InvalidQuery";
  /** Every problem, with the path of its field. The path is empty if the query is no object. */
  readonly problems: readonly ContentProblem[];
}

const yearZero = Date.parse("0000-01-01T00:00:00Z");

const cursorRule = "must come from the page before, of the same list";

/** The cursor was changed, or belongs to another list. */
export const notItsCursor: InvalidQuery = {
  kind: "InvalidQuery",
  problems: [{ path: ["cursor"], detail: cursorRule }],
};

/** Every field that a query can have, each with or without a value. A field that is missing here does not compile. */
export type QueryFields<Query> = Readonly<Record<keyof Query, true>>;

/** The problems of a query from a caller without types. `checksOf` gets the fields of an object, whatever their values are. */
export function problemsOfQuery<Query extends object>(
  query: Query,
  fields: QueryFields<Query>,
  checksOf: (query: Query) => readonly FieldCheck[],
): readonly ContentProblem[] {
  if (!isObject(query)) return [{ path: [], detail: "must be an object" }];
  const unknown = Object.entries(query).filter(([name, value]) => value !== undefined && !Object.hasOwn(fields, name));
  return [...problemsOf(checksOf(query)), ...unknown.map(([name]) => ({ path: [name], detail: "is not known" }))];
}

/** Whether it is a tenant, or an array of tenants. */
export function areTenants(given: unknown): boolean {
  return Array.isArray(given) ? Array.from(given).every(isIdentifier) : isIdentifier(given);
}

/** The checks of a time range that may be open, or absent. */
export function rangeChecks(since: unknown, until: unknown): readonly FieldCheck[] {
  const times = [...timeChecks("since", since), ...timeChecks("until", until)];
  if (times.some(([, isValid]) => !isValid) || since === undefined || until === undefined) return times;
  return [["until", (until as Date) > (since as Date), "must be later than `since`"]];
}

/** PostgreSQL has no time before 4713 BC. */
function timeChecks(field: string, given: unknown): readonly FieldCheck[] {
  const check = timeCheck(field, given);
  const [, isValid] = check;
  const isTooEarly = isValid && given !== undefined && (given as Date).getTime() < yearZero;
  return [check, [field, !isTooEarly, "must not be before the year 0"]];
}

/** The checks of the fields that choose a page. */
export function pageChecks(limit: unknown, cursor: unknown): readonly FieldCheck[] {
  const isLimit = Number.isInteger(limit) && (limit as number) >= 1 && (limit as number) <= largestPage;
  return [
    ["limit", limit === undefined || isLimit, `must be a whole number from 1 to ${largestPage}`],
    ["cursor", cursor === undefined || typeof cursor === "string", cursorRule],
  ];
}

function isObject(query: unknown): boolean {
  return typeof query === "object" && query !== null && !Array.isArray(query) && !(query instanceof Date);
}
