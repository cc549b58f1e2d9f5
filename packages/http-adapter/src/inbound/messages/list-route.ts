import { z } from "zod";

import { defineRoute } from "../routes/route.ts";
import { listQuery } from "./list-query.ts";
import { recordAnswer } from "./message-answers.ts";
import { recordExample } from "./record-example.ts";

export const listRoute = defineRoute({
  method: "GET",
  path: "/api/v1/messages",
  scope: "read",
  operation: "listMessages",
  tag: "Messages",
  summary: "List messages",
  description:
    "The records of the messages that match every parameter, the newest first. A page may have fewer messages than `limit`, or none, and still have a `next_cursor`: the server examines at most 10,000 messages per page, and only for a short time. Continue until `next_cursor` is null. A tenant that the caller may not see is not found.",
  query: listQuery,
  answers: {
    200: {
      description: "A page of messages.",
      schema: z
        .object({
          messages: z.array(recordAnswer),
          next_cursor: z
            .string()
            .nullable()
            .describe("The `cursor` of the next page, with the same other parameters. Null on the last one."),
        })
        .meta({ id: "MessageList" }),
      examples: { "the only page": { messages: [recordExample], next_cursor: null } },
    },
  },
  problems: ["not-found", "unavailable"],
});
