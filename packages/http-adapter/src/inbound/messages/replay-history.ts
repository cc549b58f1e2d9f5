import type { MessageSender, ReplayMessageHistoryCommand } from "@message-sender/core";
import type { Context } from "hono";
import { z } from "zod";

import { type Caller, forbidden } from "../access/access.ts";
import { refusePage } from "../access/refuse-page.ts";
import { loggedFilter } from "../fields/logged-filter.ts";
import { readQuery } from "../fields/read-query.ts";
import { identifierField } from "../fields/request-field.ts";
import { unavailableTo } from "../problems/problem-details.ts";
import { tenantNotFound } from "../problems/problem.ts";
import { byOf } from "../requests/by-of.ts";
import type { RequestContext } from "../requests/request-context.ts";
import type { ChangeFields } from "../requests/request-end.ts";
import type { RespondFailure } from "../requests/respond-failure.ts";
import { respondChanged, respondProblem } from "../requests/respond.ts";
import { defineRoute } from "../routes/route.ts";
import type { Routes } from "../routes/routes.ts";
import { findFor } from "./find-for.ts";
import { replayAnswers } from "./replay-routes.ts";

const replayQuery = z.object({
  tenant_id: identifierField
    .describe("Only those of this tenant, up to 1,000: the earliest. The request is recorded in each message.")
    .optional(),
  message_id: identifierField
    .describe(
      "Only this message, whatever became of its history entry. One that waits for a retry is delivered now. If everything was delivered, the Conversation Service gets the message as it is now, under its present version. The request is recorded in the message.",
    )
    .optional(),
});

const replayHistoryRoute = defineRoute({
  method: "POST",
  path: "/api/v1/admin/history/replay",
  scope: "admin",
  operation: "replayHistory",
  tag: "Administration",
  summary: "Redeliver history entries",
  description:
    "Queues every history entry that the Conversation Service refused for good, or did not accept within three days. Use it once the service is repaired. Without a parameter it needs access to all tenants. It takes no body. Requests from web pages are refused.",
  query: replayQuery,
  answers: replayAnswers,
  problems: ["not-found", "conflict", "unavailable"],
});

/** The route that delivers history entries again. */
export function mountReplayHistory(routes: Routes, sender: MessageSender, fail: RespondFailure): void {
  function replayOne(
    caller: Caller,
    command: ReplayMessageHistoryCommand,
  ): ReturnType<MessageSender["replayHistoryOf"]> {
    return caller.seesAllTenants
      ? sender.replayHistoryOf(command)
      : findFor(sender, caller, command.messageId).andThen(() => sender.replayHistoryOf(command));
  }

  function replay(
    c: Context<RequestContext>,
    caller: Caller,
    { tenant_id: tenantId, message_id: messageId }: z.output<typeof replayQuery>,
    asked: ChangeFields,
  ): Promise<Response> {
    const limits = { ...(tenantId !== undefined && { tenantId }), ...byOf(c) };
    const replayed =
      messageId === undefined ? sender.replayHistory(limits) : replayOne(caller, { messageId, ...limits }).map(() => 1);
    return replayed.match(
      (count) => respondChanged(c, { ...asked, changed: count }, { replayed: count }),
      (error) => fail(c, error, unavailableTo.replay),
    );
  }

  routes.add(replayHistoryRoute, (c, caller) => {
    const query = readQuery(c, replayQuery);
    if (query.isErr()) return respondProblem(c, query.error);
    const { tenant_id: tenantId, message_id: messageId } = query.value;
    const asked = { action: "replay", filter: loggedFilter(query.value, []) };
    c.set("change", asked);
    if (tenantId !== undefined && !caller.sees(tenantId)) return respondProblem(c, tenantNotFound);
    const isBounded = tenantId !== undefined || messageId !== undefined;
    if (!isBounded && !caller.seesAllTenants) return respondProblem(c, forbidden("This needs access to all tenants."));
    const pageRefusal = refusePage(c);
    if (pageRefusal) return respondProblem(c, pageRefusal);
    return replay(c, caller, query.value, asked);
  });
}
