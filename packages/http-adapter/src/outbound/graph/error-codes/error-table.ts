import { accessErrors, permissionRange } from "./access.ts";
import { accountErrors } from "./account.ts";
import { callingRange, contentErrors } from "./content.ts";
import { passingErrors } from "./temporary.ts";
import { recipientErrors } from "./recipient.ts";
import type { GraphErrorRow, GraphErrorRows, GraphErrorRule } from "./error-rule.ts";

/** Every error code that Meta documents for sending, by code. `docs/errors.md` is made from it. */
export const graphErrorRules: GraphErrorRows = {
  ...passingErrors,
  ...accessErrors,
  ...accountErrors,
  ...recipientErrors,
  ...contentErrors,
};

/** Codes that Meta documents by their first and last. A row of its own goes before its range. */
export const graphErrorRanges: readonly {
  readonly first: number;
  readonly last: number;
  readonly row: GraphErrorRow;
}[] = [
  { first: 200, last: 299, row: permissionRange },
  { first: 138000, last: 138018, row: callingRange },
];

/** The table's row for a code; none where Meta documents none. */
export function graphErrorRule(code: number): GraphErrorRow | undefined {
  if (Object.hasOwn(graphErrorRules, code)) return graphErrorRules[code];
  return graphErrorRanges.find(({ first, last }) => code >= first && code <= last)?.row;
}

/** The rule for a code that the table does not know, by what else the answer says. */
export function unknownErrorRule({ httpStatus = 0, isTransient = false }: UnknownError): GraphErrorRule {
  const words = {
    title: "an error that Meta does not document",
    advice: "Look the code up in Meta's error reference.",
  };
  if (httpStatus === 429) return { class: "throttled", scope: "number", ...words };
  if (isTransient || httpStatus >= 500) return { class: "transient", maybeProcessed: true, ...words };
  return { class: httpStatus === 401 ? "credentials" : "request", ...words };
}

interface UnknownError {
  /** Absent where a webhook brought it. */
  readonly httpStatus?: number | undefined;
  /** Meta's own word that it passes. */
  readonly isTransient?: boolean | undefined;
}
