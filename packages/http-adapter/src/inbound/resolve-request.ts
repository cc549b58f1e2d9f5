import { err, ok, type Result } from "neverthrow";
import { z } from "zod";

import { invalidRequest, type Problem } from "./problem.ts";
import { pointerOf } from "./problem-details.ts";
import { orMissing } from "./request-field.ts";

const actions = ["resend", "abandon"] as const;

const resolveBody = z.strictObject(
  { action: z.enum(actions, { error: orMissing("is not resend or abandon") }) },
  {
    error: (issue) => (issue.code === "unrecognized_keys" ? "has a field that is not known here" : "is not an object"),
  },
);

/** What an operator decides about a message whose outcome is unknown. */
export function parseResolveRequest(body: unknown): Result<(typeof actions)[number], Problem> {
  const parsed = resolveBody.safeParse(body);
  if (parsed.success) return ok(parsed.data.action);
  const errors = parsed.error.issues.map(({ path, message }) => ({
    pointer: pointerOf(path.map(String)),
    detail: message,
  }));
  return err(invalidRequest("The decision is not one that can be taken.", errors));
}
