import type { MessageSender, QueuedOutlet, QueueState } from "@message-sender/core";

import { readQuery } from "../fields/read-query.ts";
import { unavailableTo } from "../problems/problem-details.ts";
import { tenantNotFound } from "../problems/problem.ts";
import type { RespondFailure } from "../requests/respond-failure.ts";
import { respondJson, respondProblem } from "../requests/respond.ts";
import type { Routes } from "../routes/routes.ts";
import { queueQuery, queueRoute } from "./queue-route.ts";

/** The route that shows what is queued. */
export function mountQueue(routes: Routes, sender: MessageSender, fail: RespondFailure): void {
  routes.add(queueRoute, (c, caller) => {
    const query = readQuery(c, queueQuery);
    if (query.isErr()) return respondProblem(c, query.error);
    const { tenant_id: tenantId, limit } = query.value;
    if (tenantId !== undefined && !caller.sees(tenantId)) return respondProblem(c, tenantNotFound);
    const tenants = tenantId ?? (caller.tenants === "all" ? undefined : [...caller.tenants]);
    return sender.queueState({ limit, ...(tenants !== undefined && { tenantId: tenants }) }).match(
      (state) => respondJson(c, queueJson(state)),
      (error) => fail(c, error, unavailableTo.list),
    );
  });
}

function queueJson({ outlets, isComplete }: QueueState) {
  const byTenant = Map.groupBy(outlets, ({ tenantId }) => tenantId);
  return {
    ...totalsOf(outlets),
    lag_seconds: totalsOf(outlets.filter(({ isPaused }) => !isPaused)).oldest_due_seconds,
    complete: isComplete,
    tenants: [...byTenant].map(([tenant_id, own]) => ({ tenant_id, ...totalsOf(own) })),
    outlets: outlets.map((outlet) => ({
      tenant_id: outlet.tenantId,
      outlet_id: outlet.outletId,
      ...totalsOf([outlet]),
      next_due_at: outlet.nextDueAt,
      paused: outlet.isPaused,
      reason: outlet.reason,
    })),
  };
}

function totalsOf(outlets: readonly QueuedOutlet[]) {
  return {
    depth: outlets.reduce((sum, { open }) => sum + open, 0),
    due: outlets.reduce((sum, { due }) => sum + due, 0),
    oldest_due_seconds: outlets.reduce((most, { dueForMs }) => Math.max(most, dueForMs), 0) / 1000,
  };
}
