import { isIdentifier } from "@message-sender/core";
import { z } from "zod";

import { plainPointer, pointerOf } from "../problems/pointer.ts";
import type { RequestError } from "../problems/problem.ts";

/** Says what a field is not, or that it is missing. */
export function orMissing(detail: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => (isAbsent(input) ? "is missing" : detail);
}

/** A field that is null is as if it were not there. */
export function isAbsent(given: unknown): given is null | undefined {
  return given === null || given === undefined;
}

export const stringField = z.string({ error: orMissing("is not a string") });

export const identifierField = stringField.refine(isIdentifier, { error: "is not 1–128 URL-safe characters" });

/** A body with these fields and no others. */
export function requestBody<S extends z.core.$ZodLooseShape>(fields: S) {
  return z.strictObject(fields, { error: "is not an object" });
}

/** There may be ten thousand of them. */
const mostUnknown = 20;

/** Where in a body what is wrong; unknown fields come last. */
export function errorsOf(issues: readonly z.core.$ZodIssue[]): RequestError[] {
  const known = issues.filter(({ code }) => code !== "unrecognized_keys");
  const unknown = issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : []));
  const errors = known.map(({ path, message }) => ({ pointer: pointerOf(path.map(String)), detail: message }));
  for (const key of unknown.slice(0, mostUnknown)) {
    const pointer = plainPointer([key]);
    errors.push({
      pointer,
      detail: pointer === "" ? "has an unknown field whose name cannot be shown" : "is not a known field",
    });
  }
  if (unknown.length > mostUnknown) {
    errors.push({ pointer: "", detail: `has ${unknown.length - mostUnknown} more unknown fields` });
  }
  return errors;
}
