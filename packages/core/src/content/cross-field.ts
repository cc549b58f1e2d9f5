import type { z } from "zod";

/** A value and its path. */
interface ValueAt {
  readonly path: (string | number)[];
  readonly value: unknown;
}

/**
 * Runs a check of several fields even if one of them is invalid, so that all problems are reported at once. Such a check
 * cannot rely on the types of the fields.
 */
export const alwaysRun = { when: (): boolean => true };

/** The fields of a value; none if it is not an object. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** The elements of a value; none if it is not an array. */
export function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether exactly one of two fields is present. */
export function hasExactlyOne(value: unknown, one: string, other: string): boolean {
  const fields = fieldsOf(value);
  return (fields[one] === undefined) !== (fields[other] === undefined);
}

/** Reports each value that repeats an earlier one. */
export function reportDuplicates(all: readonly ValueAt[], context: z.core.$RefinementCtx, message: string): void {
  const seen = new Set<unknown>();
  for (const { path, value } of all) {
    if (seen.has(value)) context.addIssue({ code: "custom", path, message });
    seen.add(value);
  }
}

/** Reports each value that differs from the first. Returns whether there was one. */
export function reportDifferences(all: readonly ValueAt[], context: z.core.$RefinementCtx, message: string): boolean {
  const different = all.filter(({ value }) => value !== all[0]?.value);
  for (const { path } of different) context.addIssue({ code: "custom", path, message });
  return different.length > 0;
}
