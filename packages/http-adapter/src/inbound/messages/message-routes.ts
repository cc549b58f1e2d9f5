import type { Message, MessageSender } from "@message-sender/core";
import { isIdentifier } from "@message-sender/core/adapter";
import type { Context } from "hono";

import { unavailableTo } from "../problems/problem-details.ts";
import { notFound, tenantNotFound } from "../problems/problem.ts";
import type { Caller } from "../access/access.ts";
import { basePathOf } from "../requests/incoming.ts";
import { readJson } from "../bodies/json-body.ts";
import { createRequestBodies } from "../bodies/request-bodies.ts";
import type { RequestContext } from "../requests/request-context.ts";
import type { RespondFailure } from "../requests/respond-failure.ts";
import { respondJson, respondProblem } from "../requests/respond.ts";
import { type Routes, shed } from "../routes/routes.ts";
import { type Overload, shedding } from "../routes/shedding.ts";
import { readQuery } from "../fields/read-query.ts";
import { findFor } from "./find-for.ts";
import { listMessagesQuery, listQuery } from "./list-query.ts";
import { listRoute } from "./list-route.ts";
import { recordJson, statusJson } from "./message-json.ts";
import { parseReadRequest } from "./read-request.ts";
import { readRoute } from "./read-route.ts";
import { answerTo, largestBody, perform, requestOf } from "./send-decisions.ts";
import { sendRoute } from "./send-route.ts";
import { recordRoute, statusRoute } from "./show-routes.ts";

interface SendRouteParts {
  readonly sender: MessageSender;
  readonly overload: Overload;
}

/** The route that sends a message. */
export function mountSend(routes: Routes, { sender, overload }: SendRouteParts, fail: RespondFailure): void {
  const bodies = createRequestBodies();

  routes.add(sendRoute, async (c, caller) => {
    const headers = {
      idempotencyKey: c.req.header("idempotency-key"),
      prefer: c.req.header("prefer"),
      traceparent: c.get("traceparent"),
    };
    const request = requestOf(await readJson(bodies, c, largestBody), headers, caller);
    if (request.isErr()) return respondProblem(c, request.error);
    const { appliedPreference, isQueued } = request.value;
    if (isQueued && overload.level >= shedding.queued) return shed(c, overload);
    if (appliedPreference !== undefined) c.set("appliedPreference", appliedPreference);
    const result = await perform(sender, request.value);
    const answer = answerTo(request.value, result, () => basePathOf(c, sendRoute.path));
    if ("failure" in answer) return fail(c, answer.failure, answer.unavailable);
    c.set("messageId", answer.messageId);
    return respondJson(c, answer.json, answer);
  });
}

/** The routes that list and show messages, and tell WhatsApp that one was read. */
export function mountMessages(routes: Routes, sender: MessageSender, fail: RespondFailure): void {
  const bodies = createRequestBodies();
  const record = async (message: Message) => recordJson(message, await sender.pauseOf(message));

  routes.add(readRoute, async (c, caller) => {
    const command = await readJson(bodies, c, largestBody).andThen(parseReadRequest);
    if (command.isErr()) return respondProblem(c, command.error);
    if (!caller.sees(command.value.tenantId)) return respondProblem(c, tenantNotFound);
    return sender.markRead(command.value).match(
      () => respondJson(c, { success: true }),
      (error) => fail(c, error),
    );
  });

  routes.add(listRoute, async (c, caller) => {
    const query = readQuery(c, listQuery);
    if (query.isErr()) return respondProblem(c, query.error);
    const { tenant_id: tenantId } = query.value;
    if (tenantId !== undefined && !caller.sees(tenantId)) return respondProblem(c, tenantNotFound);
    return sender
      .list(listMessagesQuery(query.value, caller.tenants))
      .map(async ({ messages, nextCursor = null }) => ({
        messages: await Promise.all(messages.map(record)),
        next_cursor: nextCursor,
      }))
      .match(
        (page) => respondJson(c, page),
        (error) => fail(c, error, unavailableTo.list),
      );
  });

  const show = (json: typeof statusJson | typeof recordJson) => (c: Context<RequestContext>, caller: Caller) => {
    const messageId = c.req.param("messageId") ?? "";
    if (!isIdentifier(messageId)) return respondProblem(c, notFound);
    return findFor(sender, caller, messageId)
      .map(async (message) => json(message, await sender.pauseOf(message)))
      .match(
        (shown) => respondJson(c, shown),
        (error) => fail(c, error, unavailableTo.show),
      );
  };
  routes.add(statusRoute, show(statusJson));
  routes.add(recordRoute, show(recordJson));
}
