import type { Identifier } from "../../content/identifiers.ts";
import type { ContentProblem } from "../../content/parse-content.ts";
import { brokenRules, timeRule } from "../accept/field-checks.ts";
import { problemsOfQuery, type QueryFields, tenantsRule } from "../list/check-query.ts";

/** Which messages to count. An unknown field is refused. */
export interface UsageQuery {
  /** One tenant, or several. Default: all tenants. */
  readonly tenantId?: Identifier | readonly Identifier[];
  /** Accepted at this time or later. Default: 30 days before `until`, at the beginning of a day in UTC. */
  readonly since?: Date;
  /** Accepted before this time. Default: the end of the present day in UTC. */
  readonly until?: Date;
}

/** A time within which messages are counted. */
interface CountedTime {
  readonly since: Date;
  readonly until: Date;
}

const dayMs = 86_400_000;
const defaultDays = 30;

/** The time that a valid query is about. It begins no earlier than `earliest`, unless the query says so. */
export function timeOf({ since, until }: UsageQuery, now: Date, earliest: Date): CountedTime {
  const end = until ?? new Date(dayOf(now).getTime() + dayMs);
  const begin = dayOf(new Date(end.getTime() - defaultDays * dayMs));
  return { since: since ?? (begin > earliest ? begin : earliest), until: end };
}

/** The beginning of the first day, in UTC, of which messages are still kept. Some of that day may be gone. */
export function earliestOf(now: Date, retentionMs: number): Date {
  return dayOf(new Date(now.getTime() - retentionMs));
}

function dayOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / dayMs) * dayMs);
}

const fields: QueryFields<UsageQuery> = { tenantId: true, since: true, until: true };

export function problemsOfUsage(query: UsageQuery, now: Date, earliest: Date): readonly ContentProblem[] {
  const problems = problemsOfQuery(query, fields, [tenantsRule, timeRule("since"), timeRule("until")]);
  if (problems.length > 0) return problems;
  const tooEarly = `must not be before ${earliest.toISOString()}: older messages are gone`;
  return brokenRules<CountedTime>(
    [
      ["since", ({ since }) => since >= earliest, tooEarly],
      ["until", ({ since, until }) => until > since, "must be later than `since`"],
    ],
    timeOf(query, now, earliest),
  );
}
