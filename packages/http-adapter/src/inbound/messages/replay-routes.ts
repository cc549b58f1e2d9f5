import type { MessageSender } from "@message-sender/core";
import { z } from "zod";

import { unavailableTo } from "../problems/problem-details.ts";
import { forbidden } from "../access/access.ts";
import { refusePage } from "../access/refuse-page.ts";
import type { RespondFailure } from "../requests/respond-failure.ts";
import { respondChanged, respondProblem } from "../requests/respond.ts";
import { defineRoute } from "../routes/route.ts";
import type { Routes } from "../routes/routes.ts";

/** The answer to a replay. */
export const replayAnswers = {
  200: {
    description: "How many were queued.",
    schema: z.object({ replayed: z.number().int().min(0) }).meta({ id: "Replayed" }),
    examples: { replayed: { replayed: 12 } },
  },
};

const replayCallbacksRoute = defineRoute({
  method: "POST",
  path: "/api/v1/admin/callbacks/replay",
  scope: "admin",
  operation: "replayCallbacks",
  tag: "Administration",
  summary: "Redeliver dead status callbacks",
  description:
    "Queues every status callback whose receiver answered 410, or did not accept it within three days. Use it once the receiver is repaired. Each keeps its `webhook-id`. It takes no body. Needs access to all tenants. Requests from web pages are refused.",
  answers: replayAnswers,
  problems: ["unavailable"],
});

const discardCallbacksRoute = defineRoute({
  method: "POST",
  path: "/api/v1/admin/callbacks/discard",
  scope: "admin",
  operation: "discardCallbacks",
  tag: "Administration",
  summary: "Discard dead status callbacks",
  description:
    "Forgets every status callback whose receiver answered 410, or did not accept it within three days. They cannot be replayed afterwards. Use it if their receiver is gone for good. Callbacks that are still tried stay. It takes no body. Needs access to all tenants. Requests from web pages are refused.",
  answers: {
    200: {
      description: "How many were discarded.",
      schema: z.object({ discarded: z.number().int().min(0) }).meta({ id: "Discarded" }),
      examples: { discarded: { discarded: 12 } },
    },
  },
  problems: ["unavailable"],
});

/** The routes that deliver again, or discard, status callbacks that were given up. */
export function mountReplayCallbacks(routes: Routes, sender: MessageSender, fail: RespondFailure): void {
  const replayed = (count: number) => ({ replayed: count });
  const operations = [
    ["replay", replayCallbacksRoute, sender.replayCallbacks, replayed],
    ["discard", discardCallbacksRoute, sender.discardCallbacks, (discarded: number) => ({ discarded })],
  ] as const;
  for (const [action, route, run, bodyOf] of operations) {
    routes.add(route, (c, caller) => {
      c.set("change", { action });
      if (!caller.seesAllTenants) return respondProblem(c, forbidden("This needs access to all tenants."));
      const pageRefusal = refusePage(c);
      if (pageRefusal) return respondProblem(c, pageRefusal);
      return run().match(
        (count) => respondChanged(c, { action, changed: count }, bodyOf(count)),
        (error) => fail(c, error, unavailableTo.replay),
      );
    });
  }
}
