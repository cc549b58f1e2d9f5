import { messageStatuses } from "@message-sender/core/adapter";
import { z } from "zod";

import { sinceParameter, untilParameter } from "../fields/query-fields.ts";
import { identifierField } from "../fields/request-field.ts";
import { defineRoute } from "../routes/route.ts";

/** The query of the usage. */
export const usageQuery = z.object({
  tenant_id: identifierField.describe("Default: every tenant that the caller may see, in one sum.").optional(),
  since: sinceParameter
    .describe("Accepted at this time or later. Default: 30 days before `until`, at the beginning of a day in UTC.")
    .optional(),
  until: untilParameter.describe("Accepted before this time. Default: the end of the present day in UTC.").optional(),
});

const usageCount = z
  .object({
    day: z.iso.date().describe("The day on which the messages were accepted, in UTC."),
    message_type: z.string(),
    status: z.enum(messageStatuses).describe("Their present status."),
    pricing_category: z
      .string()
      .nullable()
      .describe("Meta's pricing category, as its webhooks name it. Null if none has named one."),
    messages: z.number().int().min(1),
    billable: z.number().int().min(0).describe("How many of the messages Meta charges for, as its webhooks say."),
  })
  .meta({ id: "UsageCount" });

const day = { day: "2025-11-21", message_type: "template" };
const counts = [
  { ...day, status: "delivered", pricing_category: "marketing", messages: 120, billable: 120 },
  { ...day, status: "failed", pricing_category: null, messages: 3, billable: 0 },
  { ...day, message_type: "text", status: "read", pricing_category: "service", messages: 41, billable: 0 },
];

export const usageRoute = defineRoute({
  method: "GET",
  path: "/api/v1/usage",
  scope: "read",
  operation: "getUsage",
  tag: "Messages",
  summary: "Count messages by day, type, status and pricing category",
  description:
    "Days are days in UTC. A message counts on the day on which it was accepted, with its present status: a status that changes later changes the counts of that day. A message that was sent more than once counts once. Messages are kept for `RETENTION_DAYS`, and `since` must not be before the first of these days, which may be incomplete. A tenant that the caller may not see is not found; one that has sent nothing has no counts.",
  query: usageQuery,
  answers: {
    200: {
      description: "The counts, in the order of day, type, status and category. What has no messages is left out.",
      schema: z
        .object({
          since: z.iso.datetime(),
          until: z.iso.datetime(),
          messages: z.number().int().min(0).describe("The sum of all counts."),
          billable: z.number().int().min(0),
          counts: z.array(usageCount),
        })
        .meta({ id: "Usage" }),
      examples: {
        "a day": {
          since: "2025-11-21T00:00:00.000Z",
          until: "2025-11-22T00:00:00.000Z",
          messages: 164,
          billable: 120,
          counts,
        },
      },
    },
  },
  problems: ["not-found", "unavailable"],
});
