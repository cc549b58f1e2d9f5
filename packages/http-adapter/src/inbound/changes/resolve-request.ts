import { err, ok, type Result } from "neverthrow";
import { z } from "zod";

import { invalidRequest, type Problem } from "../problems/problem.ts";
import { errorsOf, orMissing, requestBody } from "../fields/request-field.ts";

const actions = ["resend", "abandon"] as const;

export const actionField = z
  .enum(actions, { error: orMissing("must be resend or abandon") })
  .describe(
    "`resend`: the queue sends an unknown or failed message again. `abandon`: an unknown message counts as failed.",
  );

export const resolveBody = requestBody({ action: actionField }).meta({ id: "ResolveMessage" });

/** Parses an operator's decision about a message. */
export function parseResolveRequest(body: unknown): Result<(typeof actions)[number], Problem> {
  const parsed = resolveBody.safeParse(body);
  if (parsed.success) return ok(parsed.data.action);
  return err(invalidRequest("The decision is invalid.", errorsOf(parsed.error.issues)));
}
