import { z } from "zod";

import { problemSchema } from "../openapi/problems.ts";
import { type Answer, defineRoute } from "../routes/route.ts";
import { cancelManyBody, resolveManyBody } from "./many-body.ts";

const count = z.number().int().min(0);

const answers: Readonly<Record<number, Answer>> = {
  200: {
    description: "How many matched, how many were changed, and where to go on.",
    schema: z
      .object({
        matched: count,
        changed: count.describe("The state of the others did not allow it."),
        next_cursor: z.string().nullable().describe("The `cursor` of the next call. Null: nothing is left."),
        problem: problemSchema.optional().describe("Why the call stopped early. The next call goes on there."),
      })
      .meta({ id: "MessagesChanged" }),
    examples: {
      "all of them": { matched: 312, changed: 312, next_cursor: null },
      "more are left": { matched: 1000, changed: 998, next_cursor: "0.eyJhIjoxfQ" },
    },
  },
};

const bounded =
  "The filters are those of the list, in the body, and at least one is needed. A call changes about 1,000 messages: repeat it with its `next_cursor` until that is null. It is safe to repeat: what was changed no longer matches. `dry_run` counts only.";

export const cancelManyRoute = defineRoute({
  method: "POST",
  path: "/api/v1/messages/cancel",
  scope: "admin",
  operation: "cancelMessages",
  tag: "Messages",
  summary: "Withdraw queued messages",
  description: `Withdraws the queued messages that match every filter. ${bounded}`,
  body: {
    schema: cancelManyBody,
    examples: { "of one outlet": { tenant_id: "acme", outlet_id: "jakarta-1", since: "2025-11-21" } },
  },
  answers,
  problems: ["not-found", "unavailable"],
});

export const resolveManyRoute = defineRoute({
  method: "POST",
  path: "/api/v1/messages/resolve",
  scope: "admin",
  operation: "resolveMessages",
  tag: "Messages",
  summary: "Resolve unknown or failed messages",
  description: `Resends or abandons the messages that match every filter. \`resend\` may send an unknown one twice: name its \`status\` if you mean failed ones only. ${bounded}`,
  body: {
    schema: resolveManyBody,
    examples: {
      "resend what failed today": { action: "resend", tenant_id: "acme", status: "failed", since: "2025-11-21" },
    },
  },
  answers,
  problems: ["not-found", "quota-exceeded", "unavailable"],
});
