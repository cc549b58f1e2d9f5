import { accessErrors, permissionRange } from "./access.ts";
import { accountErrors } from "./account.ts";
import { callingRange, contentErrors } from "./content.ts";
import { temporaryErrors } from "./temporary.ts";
import { recipientErrors } from "./recipient.ts";
import type { GraphErrorRow, GraphErrorRows, GraphErrorRule } from "./error-rule.ts";

/** Every error code that Meta documents for sending, by code. `docs/errors.md` is generated from it. */
export const graphErrorRules: GraphErrorRows = {
  ...temporaryErrors,
  ...accessErrors,
  ...accountErrors,
  ...recipientErrors,
  ...contentErrors,
};

/** Codes that Meta documents as ranges. A row for a single code takes precedence. */
export const graphErrorRanges: readonly {
  readonly first: number;
  readonly last: number;
  readonly row: GraphErrorRow;
}[] = [
  { first: 200, last: 299, row: permissionRange },
  { first: 138000, last: 138018, row: callingRange },
];

/** The row for a code. Undefined if Meta does not document the code. */
export function graphErrorRule(code: number): GraphErrorRow | undefined {
  if (Object.hasOwn(graphErrorRules, code)) return graphErrorRules[code];
  return graphErrorRanges.find(({ first, last }) => code >= first && code <= last)?.row;
}

/** The rule for an undocumented code, derived from the rest of the answer. */
export function unknownErrorRule({ httpStatus = 0, isTransient = false }: UnknownError): GraphErrorRule {
  const texts = {
    title: "an error that Meta does not document",
    advice: "Look the code up in Meta's error reference.",
  };
  if (httpStatus === 429) return { class: "throttled", scope: "number", ...texts };
  if (isTransient || httpStatus >= 500) return { class: "transient", maybeProcessed: true, ...texts };
  return { class: httpStatus === 401 ? "credentials" : "request", ...texts };
}

interface UnknownError {
  /** Absent if a webhook reported the error. */
  readonly httpStatus?: number | undefined;
  /** Meta says that the error is temporary. */
  readonly isTransient?: boolean | undefined;
}
