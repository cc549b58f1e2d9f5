import { missing, type Rule } from "./rules.ts";

/** What is of another shape than the template has there. */
export function misshapen(details: string) {
  return { code: 132012, details };
}

/** What fills a gap of a template. */
export const parameterText: Rule = (value, at) => {
  if (value === undefined || value === "") return missing(at);
  if (typeof value !== "string") return misshapen(`Param ${at} must be a string.`);
  if (!/[\n\t]| {5}/.test(value)) return undefined;
  return { code: 132018, details: `Param ${at} cannot have new-line/tab characters or more than 4 consecutive spaces` };
};
