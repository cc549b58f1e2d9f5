import type { Context } from "hono";
import { err, ok, type Result } from "neverthrow";
import type { z } from "zod";

import { plainPointer } from "../problems/pointer.ts";
import { invalidRequest, type Problem } from "../problems/problem.ts";
import { errorsOf } from "./request-field.ts";

interface TimeRange {
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/**
 * Parses the query of a request. A parameter that is unknown, or given more than once, is an error, and so is an `until` that is not
 * after `since`.
 */
export function readQuery<S extends z.ZodObject>(c: Context, schema: S): Result<z.output<S>, Problem> {
  const given = Object.entries(c.req.queries());
  const parsed = schema.strict().safeParse(Object.fromEntries(given.map(([name, [value]]) => [name, value])));
  const errors = [
    ...errorsOf(parsed.error?.issues ?? []),
    ...given
      .filter(([, values]) => values.length > 1)
      .map(([name]) => ({ pointer: plainPointer([name]), detail: "is given more than once" })),
  ];
  if (!parsed.success || errors.length > 0) return err(invalidQuery(errors));
  const { since, until } = parsed.data as TimeRange;
  if (since && until && until <= since) return err(invalidQuery([notAfterSince]));
  return ok(parsed.data as z.output<S>);
}

const notAfterSince = { pointer: "/until", detail: "must be later than since" };

/** `pointer` is a parameter's name after a slash. */
function invalidQuery(errors: Parameters<typeof invalidRequest>[1]): Problem {
  return invalidRequest("The query is invalid.", errors);
}
