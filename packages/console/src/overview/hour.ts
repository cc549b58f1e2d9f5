import type { HourOfMetrics, Slot } from "../service/service-view.ts";
import { percentileOf } from "./percentile.ts";

/** The last hour of all processes together, slot by slot. */
export interface Hour {
  readonly slotMs: number;
  /** When each slot begins, in milliseconds since 1970: the oldest first. */
  readonly times: readonly number[];
  /** How many of a name there were in each slot. */
  counts(name: string): readonly number[];
  /** How many of a name there were in the hour, or in its last `slots` slots. */
  total(name: string, slots?: number): number;
  /** All names that begin so, which have any. */
  names(prefix: string): readonly string[];
  /** How messages ended that were neither sent nor canceled: names that begin with `ended:`. */
  failures(): readonly string[];
  /** How long this share of the things of a name took at most, in each slot; undefined where there were none. An estimate. */
  percentiles(name: string, share: number): readonly (number | undefined)[];
  /** The same for the whole hour, or its last `slots` slots. */
  percentile(name: string, share: number, slots?: number): number | undefined;
}

const slotsShown = 360;
const harmless = new Set(["ended:sent", "ended:canceled"]);

/** How messages or attempts ended, for people: `ended:quota_exceeded` becomes `quota exceeded`. */
export function outcomeWords(name: string): string {
  return name.slice(name.indexOf(":") + 1).replaceAll("_", " ");
}

/** Undefined if no process has metrics. */
export function hourOf(reports: readonly (HourOfMetrics | undefined)[]): Hour | undefined {
  const known = reports.filter((report) => report !== undefined);
  const [first] = known;
  if (!first) return undefined;
  const { slotMs, bounds } = first;
  const present = Math.max(...known.map((report) => report.present));
  const begin = present - slotsShown + 1;
  const slots: Slot[][] = Array.from({ length: slotsShown }, () => []);
  for (const { slots: given } of known) for (const [number, slot] of given) slots[number - begin]?.push(slot);

  const countIn = (of: readonly Slot[], name: string) => of.reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0);
  const counts = (name: string) => slots.map((of) => countIn(of, name));
  const last = (count: number) => slots.slice(slotsShown - count);

  function names(prefix: string): readonly string[] {
    const all = new Set(slots.flat().flatMap((slot) => Object.keys(slot.counts)));
    return [...all].filter((name) => name.startsWith(prefix)).toSorted();
  }

  return {
    slotMs,
    times: slots.map((_, index) => (begin + index) * slotMs),
    counts,
    total: (name, count = slotsShown) => countIn(last(count).flat(), name),
    names,
    failures: () => names("ended:").filter((name) => !harmless.has(name)),
    percentiles: (name, share) => slots.map((of) => percentileOf(spanIn(of, name), bounds[name] ?? [], share)),
    percentile: (name, share, count = slotsShown) =>
      percentileOf(spanIn(last(count).flat(), name), bounds[name] ?? [], share),
  };
}

function spanIn(slots: readonly Slot[], name: string): readonly number[] {
  return slots.reduce<readonly number[]>(
    (sum, { spans }) =>
      (spans[name] ?? []).map((count, bound) => count + (sum[bound] ?? 0)).concat(sum.slice(spans[name]?.length ?? 0)),
    [],
  );
}
