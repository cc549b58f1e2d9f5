import type { z } from "zod";

const kinds: Readonly<Record<string, string>> = {
  string: "a string",
  boolean: "true or false",
  array: "an array",
  object: "an object",
  record: "an object",
};

/** The details of checks that have no text of their own. They never quote the input. */
export const errorMap: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `must be ${kinds[issue.expected] ?? "of the expected type"}`;
    case "invalid_value":
      return issue.input === undefined ? "is missing" : `must be ${issue.values.join(" or ")}`;
    case "too_big":
      return `has more than ${issue.maximum} entries`;
    case "too_small":
      return issue.minimum === 1 ? "is empty" : `has fewer than ${issue.minimum} entries`;
    default:
      return "is invalid";
  }
};
