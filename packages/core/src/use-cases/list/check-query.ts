import { fieldRules, isIdentifier } from "../../content/identifiers.ts";
import type { ContentProblem } from "../../content/parse-content.ts";
import { brokenRules, type FieldRule, isTime, timeRule } from "../accept/field-checks.ts";
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

/** The problems of a query from a caller without types. The rules get an object, whatever the values of its fields are. */
export function problemsOfQuery<Query extends object>(
  query: Query,
  fields: QueryFields<Query>,
  rules: readonly FieldRule<Query>[],
): readonly ContentProblem[] {
  if (!isObject(query)) return [{ path: [], detail: "must be an object" }];
  const unknown = Object.entries(query).filter(([name, value]) => value !== undefined && !Object.hasOwn(fields, name));
  return [...brokenRules(rules, query), ...unknown.map(([name]) => ({ path: [name], detail: "is not known" }))];
}

/** The rule of a tenant, or an array of tenants, that may be absent. */
export const tenantsRule: FieldRule<{ readonly tenantId?: unknown }> = [
  "tenantId",
  ({ tenantId }) => tenantId === undefined || areTenants(tenantId),
  fieldRules.identifier,
];

/** Whether it is a tenant, or an array of tenants. */
export function areTenants(given: unknown): boolean {
  return Array.isArray(given) ? Array.from(given).every(isIdentifier) : isIdentifier(given);
}

interface GivenRange {
  readonly since?: unknown;
  readonly until?: unknown;
}

/** The rules of a time range that may be open, or absent. */
export const rangeRules: readonly FieldRule<GivenRange>[] = [
  timeRule("since"),
  ["since", ({ since }) => !isTime(since) || isStorable(since), "must not be before the year 0"],
  timeRule("until"),
  ["until", ({ until }) => !isTime(until) || isStorable(until), "must not be before the year 0"],
  ["until", isInOrder, "must be later than `since`"],
];

/** PostgreSQL has no time before 4713 BC. */
function isStorable(time: Date): boolean {
  return time.getTime() >= yearZero;
}

/** A time that breaks a rule of its own has no place in an order. */
function isInOrder({ since, until }: GivenRange): boolean {
  if (!isTime(since) || !isTime(until) || !isStorable(since) || !isStorable(until)) return true;
  return until > since;
}

/** The rules of the fields that choose a page. */
export const pageRules: readonly FieldRule<{ readonly limit?: unknown; readonly cursor?: unknown }>[] = [
  ["limit", ({ limit }) => limit === undefined || isLimit(limit), `must be a whole number from 1 to ${largestPage}`],
  ["cursor", ({ cursor }) => cursor === undefined || typeof cursor === "string", cursorRule],
];

function isLimit(given: unknown): boolean {
  return Number.isInteger(given) && (given as number) >= 1 && (given as number) <= largestPage;
}

function isObject(query: unknown): boolean {
  return typeof query === "object" && query !== null && !Array.isArray(query) && !(query instanceof Date);
}
