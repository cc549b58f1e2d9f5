import { z } from "zod";

import { defineRoute } from "../requests/route.ts";

export const replayHistoryRoute = defineRoute({
  method: "POST",
  path: "/api/v1/admin/history/replay",
  scope: "admin",
  operation: "replayHistory",
  tag: "Administration",
  summary: "Deliver to the Conversation Service again what it refused",
  description:
    "Queues every history entry that the Conversation Service refused for good, for example after it was repaired. Needs access to all tenants. Pages in a browser may not do this.",
  answers: {
    200: {
      description: "How many entries are delivered again.",
      schema: z.object({ replayed: z.number().int().min(0) }).meta({ id: "HistoryReplayed" }),
      examples: { replayed: { replayed: 12 } },
    },
  },
  problems: ["unavailable"],
});
