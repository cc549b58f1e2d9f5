import { fieldRules, isIdentifier } from "../../content/identifiers.ts";
import type { ContentProblem } from "../../content/parse-content.ts";

/** The command is invalid. Nothing was stored, and no quota was used. */
export interface InvalidCommand {
  readonly kind: "InvalidCommand";
  /** Every problem, with the path of its field. */
  readonly problems: readonly ContentProblem[];
}

/** A field of a command, whether it is valid, and what to say if it is not. A dot separates the steps of its path. */
export type FieldCheck = readonly [field: string, isValid: boolean, detail: string];

/** A check that is made for each command of a kind: it costs a command that is valid no objects. */
export type FieldRule<Command> = readonly [field: string, isValid: (command: Command) => boolean, detail: string];

/** The problems of the fields that break a rule. */
export function brokenRules<Command>(
  rules: readonly FieldRule<Command>[],
  command: Command,
): readonly ContentProblem[] {
  let problems: ContentProblem[] | undefined;
  for (const [field, isValid, detail] of rules) {
    if (!isValid(command)) (problems ??= []).push({ path: field.split("."), detail });
  }
  return problems ?? none;
}

const none: readonly never[] = [];

/** The problems of the fields that are invalid. */
export function problemsOf(checks: readonly FieldCheck[]): readonly ContentProblem[] {
  return checks.filter(([, isValid]) => !isValid).map(([field, , detail]) => ({ path: field.split("."), detail }));
}

/** The check of a time that may be absent. */
export function timeCheck(field: string, given: unknown): FieldCheck {
  return [field, given === undefined || isTime(given), timeRule];
}

export const timeRule = "must be a valid Date";

/** An object can inherit from `Date` without being one. Its methods throw. */
export function isTime(given: unknown): boolean {
  try {
    return given instanceof Date && !Number.isNaN(given.getTime());
  } catch {
    return false;
  }
}

/** The check of an identifier. */
export function identifierCheck(field: string, given: unknown): FieldCheck {
  return [field, isIdentifier(given), fieldRules.identifier];
}
