import type { CounterRequest, QuotaCounters, UnitsTaken } from "../../ports/store/quota-counters.ts";
import type { Subject } from "../contract.ts";
import { succeeds } from "../results.ts";

export interface QuotaCountersSubject extends Subject {
  readonly quotaCounters: QuotaCounters;
}

export const [monday, tuesday, wednesday] = ["2026-01-05", "2026-01-06", "2026-01-07"].map(
  (day) => new Date(`${day}T00:00:00Z`),
) as [Date, Date, Date];

/** The limit of the cases that read counters. */
export const readLimit = 20;

let requests = 0;

/** Takes 1 of 10 units; each request has an id of its own. */
export async function take(
  { quotaCounters }: QuotaCountersSubject,
  fields: Partial<CounterRequest> = {},
): Promise<UnitsTaken> {
  const id = `request-${(requests += 1)}`;
  const request = { id, tenantId: "tenant-1", period: "day", startsAt: monday, limit: 10, amount: 1, ...fields };
  return succeeds(await quotaCounters.take(request));
}

export async function granted(subject: QuotaCountersSubject, fields?: Partial<CounterRequest>): Promise<number> {
  return (await take(subject, fields)).granted;
}

export async function grants(
  subject: QuotaCountersSubject,
  times: number,
  fields: Partial<CounterRequest>,
): Promise<readonly number[]> {
  const each: number[] = [];
  for (let time = 0; time < times; time += 1) each.push(await granted(subject, fields));
  return each;
}
