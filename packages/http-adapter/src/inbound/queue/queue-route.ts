import { z } from "zod";

import { limitParameter } from "../fields/query-fields.ts";
import { identifierField } from "../fields/request-field.ts";
import { defineRoute } from "../routes/route.ts";

const count = z.number().int().min(0);
const seconds = z.number().min(0);

const counts = {
  depth: count.describe("Messages that are queued and not finished: due, in flight, or scheduled for later."),
  due: count.describe("Those that are due now."),
  oldest_due_seconds: seconds.describe("For how long the first of the due messages has been due."),
};

export const queueQuery = z.object({
  tenant_id: identifierField.describe("Default: every tenant that the caller may see.").optional(),
  limit: limitParameter(1000, 100).describe(
    "How many outlets to show. Those whose messages have been due longest come first.",
  ),
});

export const queueRoute = defineRoute({
  method: "GET",
  path: "/api/v1/queue",
  scope: "read",
  operation: "getQueue",
  tag: "Messages",
  summary: "Show what is queued",
  description:
    "How much is queued, how old the oldest of it is, and what it waits for, by tenant and outlet: a pause, also of its number or of a template, an outage, or a limit of WhatsApp. `lag_seconds` leaves out what is paused: while it grows, messages arrive faster than they are sent. Up to 10,000 messages of an outlet are counted; `complete` says whether that and `limit` were enough.",
  query: queueQuery,
  answers: {
    200: {
      description: "The state of the queue.",
      schema: z
        .object({
          ...counts,
          lag_seconds: seconds.describe("The same as `oldest_due_seconds`, without outlets that are paused."),
          complete: z.boolean(),
          tenants: z.array(z.object({ tenant_id: z.string(), ...counts })),
          outlets: z.array(
            z.object({
              tenant_id: z.string(),
              outlet_id: z.string(),
              ...counts,
              next_due_at: z.iso.datetime().optional().describe("When the first of its messages is due."),
              paused: z.boolean().describe("Whether its tenant, the outlet or its number is paused."),
              reason: z.string().describe("What its messages wait for, in a sentence."),
            }),
          ),
        })
        .meta({ id: "Queue" }),
      examples: {
        "one outlet": {
          depth: 312,
          due: 12,
          oldest_due_seconds: 0.4,
          lag_seconds: 0.4,
          complete: true,
          tenants: [{ tenant_id: "acme", depth: 312, due: 12, oldest_due_seconds: 0.4 }],
          outlets: [
            {
              tenant_id: "acme",
              outlet_id: "jakarta-1",
              depth: 312,
              due: 12,
              oldest_due_seconds: 0.4,
              next_due_at: "2025-11-21T10:00:00.000Z",
              paused: false,
              reason: "It is being sent, as fast as the limits of its number allow.",
            },
          ],
        },
      },
    },
  },
  problems: ["not-found", "unavailable"],
});
