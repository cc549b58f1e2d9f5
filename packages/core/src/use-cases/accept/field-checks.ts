import { fieldRules, isIdentifier } from "../../content/identifiers.ts";
import type { ContentProblem } from "../../content/parse-content.ts";

/** The command is invalid. Nothing was stored, and no quota was used. */
export interface InvalidCommand {
  readonly kind: "InvalidCommand";
  /** Every problem, with the path of its field. */
  readonly problems: readonly ContentProblem[];
}

/** A field, when it is valid, and what to say if it is not. A dot separates the steps of its path. It costs a valid command no objects. */
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

/** The rule of a time that may be absent. */
export function timeRule<Name extends string>(field: Name): FieldRule<Readonly<Partial<Record<Name, unknown>>>> {
  return [field, ({ [field]: given }) => given === undefined || isTime(given), noTime];
}

export const noTime = "must be a valid Date";

/** An object can inherit from `Date` without being one. Its methods throw. */
export function isTime(given: unknown): given is Date {
  try {
    return given instanceof Date && !Number.isNaN(given.getTime());
  } catch {
    return false;
  }
}

/** The rule of an identifier. */
export function identifierRule<Name extends string>(field: Name): FieldRule<Readonly<Record<Name, unknown>>> {
  return [field, ({ [field]: given }) => isIdentifier(given), fieldRules.identifier];
}
