import { isIdentifier } from "../../content/identifiers.ts";
import type { ContentProblem } from "../../content/parse-content.ts";

/** A field of a command, whether it is valid, and what to say if it is not. */
export type FieldCheck = readonly [field: string, isRight: boolean, detail: string];

export function problemsOf(checks: readonly FieldCheck[]): readonly ContentProblem[] {
  return checks.filter(([, isRight]) => !isRight).map(([field, , detail]) => ({ path: field.split("."), detail }));
}

export function identifierCheck(field: string, given: unknown): FieldCheck {
  return [field, isIdentifier(given), "must be 1–128 URL-safe characters"];
}
