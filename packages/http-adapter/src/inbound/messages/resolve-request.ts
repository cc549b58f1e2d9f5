import { err, ok, type Result } from "neverthrow";
import { z } from "zod";

import { invalidRequest, type Problem } from "../problems/problem.ts";
import { errorsOf, orMissing, requestBody } from "../requests/request-field.ts";

const actions = ["resend", "abandon"] as const;

const resolveBody = requestBody({ action: z.enum(actions, { error: orMissing("must be resend or abandon") }) });

/** Parses an operator's decision about a message. */
export function parseResolveRequest(body: unknown): Result<(typeof actions)[number], Problem> {
  const parsed = resolveBody.safeParse(body);
  if (parsed.success) return ok(parsed.data.action);
  return err(invalidRequest("The decision is invalid.", errorsOf(parsed.error.issues)));
}
