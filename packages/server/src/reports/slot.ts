import type { Slot } from "@message-sender/console";

/** By how much counters grew from `before` to `now`. What did not grow is left out. */
export function growthOf(now: Slot, before: Slot): Slot {
  return {
    counts: mapped(now.counts, (count, name) => positive(count - (before.counts[name] ?? 0))),
    spans: mapped(now.spans, (span, name) => {
      const grown = span.map((count, bound) => Math.max(0, count - (before.spans[name]?.[bound] ?? 0)));
      return grown.some((count) => count > 0) ? grown : undefined;
    }),
  };
}

/** Both together. */
export function sumOf(one: Slot, other: Slot): Slot {
  return {
    counts: { ...one.counts, ...mapped(other.counts, (count, name) => count + (one.counts[name] ?? 0)) },
    spans: {
      ...one.spans,
      ...mapped(other.spans, (span, name) => span.map((count, bound) => count + (one.spans[name]?.[bound] ?? 0))),
    },
  };
}

export function isEmpty({ counts, spans }: Slot): boolean {
  return Object.keys(counts).length === 0 && Object.keys(spans).length === 0;
}

function mapped<T>(values: Readonly<Record<string, T>>, change: (value: T, name: string) => T | undefined) {
  const changed: Record<string, T> = {};
  for (const [name, value] of Object.entries(values)) {
    const next = change(value, name);
    if (next !== undefined) changed[name] = next;
  }
  return changed;
}

function positive(count: number): number | undefined {
  return count > 0 ? count : undefined;
}
