import type { Context } from "hono";
import { err, ok, type Result } from "neverthrow";
import type { z } from "zod";

import { plainPointer } from "../problems/pointer.ts";
import { invalidRequest, type Problem } from "../problems/problem.ts";
import { errorsOf } from "./request-field.ts";

/** Parses the query of a request. A parameter that is unknown, or given more than once, is an error. */
export function readQuery<S extends z.ZodObject>(c: Context, schema: S): Result<z.output<S>, Problem> {
  const given = Object.entries(c.req.queries());
  const parsed = schema.strict().safeParse(Object.fromEntries(given.map(([name, [value]]) => [name, value])));
  const errors = [
    ...errorsOf(parsed.error?.issues ?? []),
    ...given
      .filter(([, values]) => values.length > 1)
      .map(([name]) => ({ pointer: plainPointer([name]), detail: "is given more than once" })),
  ];
  if (!parsed.success || errors.length > 0) return err(invalidRequest("The query is invalid.", errors));
  return ok(parsed.data as z.output<S>);
}
