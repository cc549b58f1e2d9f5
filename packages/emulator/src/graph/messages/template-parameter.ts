import type { GraphError } from "../graph-error.ts";
import { missing, type Rule } from "./rules.ts";

/** The parameter has another format than the template. */
export function formatMismatch(details: string) {
  return { code: 132012, details };
}

/** The text of a parameter whose type is text, in Meta's words [frappe_whatsapp#43]. */
export const textOfParameter: Rule = (value, at) =>
  value === undefined || value === "" ? textMissing : parameterText(value, at);

const textMissing: GraphError = {
  code: 100,
  message: "Invalid parameter",
  details: "Parameter 'text' is mandatory for component parameter type 'text'",
};

/** The text that a template parameter shows. */
export const parameterText: Rule = (value, at) => {
  if (value === undefined || value === "") return missing(at);
  if (typeof value !== "string") return formatMismatch(`Param ${at} must be a string.`);
  if (!/[\n\t]| {5}/.test(value)) return undefined;
  return { code: 132018, details: `Param ${at} cannot have new-line/tab characters or more than 4 consecutive spaces` };
};
