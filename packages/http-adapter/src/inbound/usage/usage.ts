import type { MessageSender, Usage } from "@message-sender/core";

import { unavailableTo } from "../problems/problem-details.ts";
import { tenantNotFound } from "../problems/problem.ts";
import { readQuery } from "../fields/read-query.ts";
import type { RespondFailure } from "../requests/respond-failure.ts";
import { respondJson, respondProblem } from "../requests/respond.ts";
import type { Routes } from "../routes/routes.ts";
import { usageQuery, usageRoute } from "./usage-route.ts";

/** The route that counts messages. */
export function mountUsage(routes: Routes, sender: MessageSender, fail: RespondFailure): void {
  routes.add(usageRoute, (c, caller) => {
    const query = readQuery(c, usageQuery);
    if (query.isErr()) return respondProblem(c, query.error);
    const { tenant_id: tenantId, since, until } = query.value;
    if (tenantId !== undefined && !caller.sees(tenantId)) return respondProblem(c, tenantNotFound);
    const tenants = tenantId ?? (caller.tenants === "all" ? undefined : [...caller.tenants]);
    return sender
      .usage({ ...(tenants !== undefined && { tenantId: tenants }), ...(since && { since }), ...(until && { until }) })
      .match(
        (usage) => respondJson(c, usageJson(usage)),
        (error) => fail(c, error, unavailableTo.count),
      );
  });
}

function usageJson({ since, until, counts }: Usage) {
  return {
    since,
    until,
    messages: counts.reduce((sum, { messages }) => sum + messages, 0),
    billable: counts.reduce((sum, { billable }) => sum + billable, 0),
    counts: counts.map(({ day, messageType, status, pricingCategory = null, messages, billable }) => ({
      day,
      message_type: messageType,
      status,
      pricing_category: pricingCategory,
      messages,
      billable,
    })),
  };
}
