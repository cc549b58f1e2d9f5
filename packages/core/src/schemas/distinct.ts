import type { z } from "zod";

/** One of several things and where it stands. */
interface Placed {
  readonly path: (string | number)[];
  readonly value: unknown;
}

/** Reports each that repeats an earlier one. */
export function reportRepeats(all: readonly Placed[], context: z.core.$RefinementCtx, message: string): void {
  const seen = new Set<unknown>();
  for (const { path, value } of all) {
    if (seen.has(value)) context.addIssue({ code: "custom", path, message });
    seen.add(value);
  }
}

/** Reports each that differs from the first, and whether there was one. */
export function reportDifferences(all: readonly Placed[], context: z.core.$RefinementCtx, message: string): boolean {
  const different = all.filter(({ value }) => value !== all[0]?.value);
  for (const { path } of different) context.addIssue({ code: "custom", path, message });
  return different.length > 0;
}
