import { fieldRules, isIdentifier, isRecipient, isWamid } from "@message-sender/core/adapter";
import { z } from "zod";

import { plainPointer, pointerOf } from "../problems/pointer.ts";
import type { FieldError } from "../problems/problem.ts";

/** `detail`, or that the field is missing. */
export function orMissing(detail: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => (isAbsent(input) ? "is missing" : detail);
}

/** A null field counts as absent. */
export function isAbsent(given: unknown): given is null | undefined {
  return given === null || given === undefined;
}

export const stringField = z.string({ error: orMissing("must be a string") });

/** The patterns are those of the checks beside them: a test compares both. */
export const identifierField = stringField
  .refine(isIdentifier, { error: fieldRules.identifier })
  .meta({ pattern: "^(?!\\.{1,2}$)[A-Za-z0-9._~-]{1,128}$" });

export const recipientField = stringField
  .refine(isRecipient, { error: fieldRules.recipient })
  .meta({ pattern: "^(?:\\+[1-9][0-9]{6,14}|[A-Z]{2}\\.(?:ENT\\.)?[A-Za-z0-9]{1,128})$" });

export const wamidField = stringField
  .refine(isWamid, { error: fieldRules.wamid })
  .meta({ pattern: "^[\\x21-\\x7e]{1,512}$" });

/** A body with these fields only. */
export function requestBody<S extends z.core.$ZodLooseShape>(fields: S) {
  return z.strictObject(fields, { error: "must be an object" });
}

/** A body may have ten thousand of them. */
const mostUnknown = 20;

/** The errors of a body, with unknown fields last. */
export function errorsOf(issues: readonly z.core.$ZodIssue[]): FieldError[] {
  const known = issues.filter(({ code }) => code !== "unrecognized_keys");
  const unknown = issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : []));
  const errors = known.map(({ path, message }) => ({ pointer: pointerOf(path.map(String)), detail: message }));
  for (const key of unknown.slice(0, mostUnknown)) {
    const pointer = plainPointer([key]);
    errors.push({
      pointer,
      detail: pointer === "" ? "has an unknown field with an unprintable name" : "is not a known field",
    });
  }
  if (unknown.length > mostUnknown) {
    errors.push({ pointer: "", detail: `has ${unknown.length - mostUnknown} more unknown fields` });
  }
  return errors;
}
