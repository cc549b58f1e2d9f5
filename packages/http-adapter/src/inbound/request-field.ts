import { z } from "zod";

import type { RequestError } from "./problem.ts";
import { pointerOf } from "./problem-details.ts";

/** Says what a field is not, or that it is missing. */
export function orMissing(detail: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => (input === undefined ? "is missing" : detail);
}

export const uuidField = z.guid({ error: orMissing("is not a UUID") }).toLowerCase();

export const stringField = z.string({ error: orMissing("is not a string") });

/** A body with these fields and no others. */
export function requestBody<S extends z.core.$ZodLooseShape>(fields: S) {
  return z.strictObject(fields, {
    error: (issue) => (issue.code === "unrecognized_keys" ? "has a field that is not known here" : "is not an object"),
  });
}

/** Where in a body what is wrong. */
export function errorsOf(issues: readonly z.core.$ZodIssue[]): RequestError[] {
  return issues.map(({ path, message }) => ({ pointer: pointerOf(path.map(String)), detail: message }));
}
