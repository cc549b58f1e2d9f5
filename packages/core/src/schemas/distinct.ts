import type { z } from "zod";

/** One of several things and where it stands. */
interface Placed {
  readonly path: (string | number)[];
  readonly value: unknown;
}

/**
 * For a check that looks at several things: it runs beside what is wrong with one of them, so that all is told at once, and
 * cannot count on their shapes.
 */
export const besideOthers = { when: (): boolean => true };

/** The fields of what may be anything. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** The elements of what may be anything. */
export function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether exactly one of two fields is given. */
export function hasExactlyOne(value: unknown, one: string, other: string): boolean {
  const fields = fieldsOf(value);
  return (fields[one] === undefined) !== (fields[other] === undefined);
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
