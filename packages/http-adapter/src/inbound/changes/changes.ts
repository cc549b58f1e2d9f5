import type { CancelMessageCommand, ManyChanged, MessageSender } from "@message-sender/core";
import { type Clock, isIdentifier } from "@message-sender/core/adapter";
import type { Context } from "hono";

import type { Caller } from "../access/access.ts";
import { readJson } from "../bodies/json-body.ts";
import { createRequestBodies } from "../bodies/request-bodies.ts";
import { findFor } from "../messages/find-for.ts";
import { recordJson } from "../messages/message-json.ts";
import { largestBody } from "../messages/send-decisions.ts";
import { problemOf, unavailableTo } from "../problems/problem-details.ts";
import { notFound, problemJson, tenantNotFound } from "../problems/problem.ts";
import { byOf } from "../requests/by-of.ts";
import type { RequestContext } from "../requests/request-context.ts";
import type { ChangeFields } from "../requests/request-end.ts";
import type { RespondFailure } from "../requests/respond-failure.ts";
import { respondChanged, respondJson, respondProblem } from "../requests/respond.ts";
import type { Routes } from "../routes/routes.ts";
import { cancelRoute } from "./cancel-route.ts";
import { cancelManyBody, changeFields, parseMany, queryOf, resolveManyBody } from "./many-body.ts";
import { cancelManyRoute, resolveManyRoute } from "./many-routes.ts";
import { parseResolveRequest } from "./resolve-request.ts";
import { resolveRoute } from "./resolve-route.ts";

interface ChangesParts {
  readonly sender: MessageSender;
  readonly clock: Clock;
}

/** The routes by which operators change messages, one or many by a filter. */
export function mountChanges(routes: Routes, { sender, clock }: ChangesParts, fail: RespondFailure): void {
  const bodies = createRequestBodies();

  /** Changes one message of a tenant that the caller may see. */
  function changeOne(
    c: Context<RequestContext>,
    caller: Caller,
    change: (
      message: Pick<CancelMessageCommand, "messageId" | "by">,
    ) => ReturnType<MessageSender["resolve"]> | ReturnType<MessageSender["cancel"]>,
  ): Response | Promise<Response> {
    const messageId = c.req.param("messageId") ?? "";
    if (!isIdentifier(messageId)) return respondProblem(c, notFound);
    const message = { messageId, ...byOf(c) };
    const changed = caller.seesAllTenants
      ? change(message)
      : findFor(sender, caller, messageId).andThen(() => change(message));
    return changed
      .map(async (after) => recordJson(after, await sender.pauseOf(after)))
      .match(
        (record) => respondJson(c, record),
        (error) => fail(c, error, unavailableTo.change),
      );
  }

  function respondMany(
    c: Context<RequestContext>,
    asked: ChangeFields,
    { matched, changed, nextCursor, stoppedBy }: ManyChanged,
  ): Response {
    const body = {
      matched,
      changed,
      next_cursor: nextCursor ?? null,
      problem: stoppedBy && problemJson(problemOf(stoppedBy, clock.now(), unavailableTo.change), c.get("requestId")),
    };
    return respondChanged(c, { ...asked, matched, changed }, body);
  }

  routes.add(cancelManyRoute, async (c, caller) => {
    const body = await readJson(bodies, c, largestBody).andThen(parseMany(cancelManyBody));
    if (body.isErr()) return respondProblem(c, body.error);
    const { tenant_id: tenantId } = body.value;
    const asked = changeFields(body.value, "cancel");
    c.set("change", asked);
    if (tenantId && !caller.sees(tenantId)) return respondProblem(c, tenantNotFound);
    return sender.cancelMany({ ...queryOf(body.value, caller.tenants), ...byOf(c) }).match(
      (done) => respondMany(c, asked, done),
      (error) => fail(c, error, unavailableTo.change),
    );
  });

  routes.add(resolveManyRoute, async (c, caller) => {
    const body = await readJson(bodies, c, largestBody).andThen(parseMany(resolveManyBody));
    if (body.isErr()) return respondProblem(c, body.error);
    const { action, ...filters } = body.value;
    const asked = changeFields(filters, action);
    c.set("change", asked);
    if (filters.tenant_id && !caller.sees(filters.tenant_id)) return respondProblem(c, tenantNotFound);
    return sender.resolveMany({ ...queryOf(filters, caller.tenants), action, ...byOf(c) }).match(
      (done) => respondMany(c, asked, done),
      (error) => fail(c, error, unavailableTo.change),
    );
  });

  routes.add(cancelRoute, (c, caller) => changeOne(c, caller, sender.cancel));

  routes.add(resolveRoute, async (c, caller) => {
    if (!isIdentifier(c.req.param("messageId"))) return respondProblem(c, notFound);
    const action = await readJson(bodies, c, largestBody).andThen(parseResolveRequest);
    if (action.isErr()) return respondProblem(c, action.error);
    c.set("change", { action: action.value });
    return changeOne(c, caller, (message) => sender.resolve({ ...message, action: action.value }));
  });
}
