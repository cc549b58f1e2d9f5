import type { MessageSender } from "@message-sender/core";

import { unavailableTo } from "../problems/problem-details.ts";
import type { Problem } from "../problems/problem.ts";
import { loggedFilter } from "../fields/logged-filter.ts";
import { readQuery } from "../fields/read-query.ts";
import { type Caller, forbidden } from "../access/access.ts";
import { refusePage } from "../access/refuse-page.ts";
import type { RespondFailure } from "../requests/respond-failure.ts";
import { respondChanged, respondContent, respondProblem } from "../requests/respond.ts";
import type { Routes } from "../routes/routes.ts";
import { webhooksJson } from "./kept-webhook-json.ts";
import { filtersOf, forwardQuery, listQuery } from "./kept-webhook-query.ts";
import { forwardWebhooksRoute, listWebhooksRoute } from "./kept-webhook-routes.ts";

/** The routes that show the kept webhooks, and forward them. */
export function mountKeptWebhooks(routes: Routes, sender: MessageSender, fail: RespondFailure): void {
  routes.add(listWebhooksRoute, (c, caller) => {
    const refusal = refusalOf(caller);
    if (refusal) return respondProblem(c, refusal);
    const query = readQuery(c, listQuery);
    if (query.isErr()) return respondProblem(c, query.error);
    const { limit, cursor } = query.value;
    return sender.webhooks({ ...filtersOf(query.value), limit, ...(cursor !== undefined && { cursor }) }).match(
      ({ webhooks, nextCursor = null }) =>
        respondContent(c, webhooksJson(webhooks, nextCursor), { "content-type": "application/json" }),
      (error) => fail(c, error, unavailableTo.list),
    );
  });

  routes.add(forwardWebhooksRoute, (c, caller) => {
    const query = readQuery(c, forwardQuery);
    if (query.isErr()) return respondProblem(c, query.error);
    const asked = { action: "forward", filter: loggedFilter(query.value, []) };
    c.set("change", asked);
    const refusal = refusalOf(caller) ?? refusePage(c);
    if (refusal) return respondProblem(c, refusal);
    const again = query.value.again === "true";
    return sender.forwardWebhooks({ ...filtersOf(query.value), again }).match(
      (forwarded) => respondChanged(c, { ...asked, matched: forwarded.matched, changed: forwarded.queued }, forwarded),
      (error) => fail(c, error, unavailableTo.replay),
    );
  });
}

/** WhatsApp does not say whose customer wrote, and a number may move from one tenant to another. */
function refusalOf(caller: Caller): Problem | undefined {
  return caller.seesAllTenants ? undefined : forbidden("This needs access to all tenants.");
}
