import type { z } from "zod";

/** One of several things and where it stands. */
interface Placed {
  readonly path: (string | number)[];
  readonly value: unknown;
}

/**
 * For a check of several fields together: it runs even where one of them is invalid, so that all problems are reported at once,
 * and cannot rely on their shapes.
 */
export const besideOthers = { when: (): boolean => true };

/** The fields of a value of any type; none where it is no object. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** The elements of a value of any type; none where it is no array. */
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
