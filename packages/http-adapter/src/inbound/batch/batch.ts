import { type EnqueueResult, type MessageSender, statusOf } from "@message-sender/core";
import type { Clock } from "@message-sender/core/adapter";

import { readJsonBytes } from "../bodies/json-body.ts";
import { createRequestBodies } from "../bodies/request-bodies.ts";
import { queuedJson } from "../messages/message-json.ts";
import { resultOf } from "../messages/send-decisions.ts";
import { problemOf, unavailableTo } from "../problems/problem-details.ts";
import { invalidRequest, type Problem, problemJson } from "../problems/problem.ts";
import type { RespondFailure } from "../requests/respond-failure.ts";
import { respondJson, respondProblem } from "../requests/respond.ts";
import type { Routes } from "../routes/routes.ts";
import { largestBatch, splitBatch } from "./batch-body.ts";
import { commandsOf } from "./batch-commands.ts";
import { batchRoute } from "./batch-route.ts";

interface BatchParts {
  readonly sender: MessageSender;
  readonly clock: Clock;
}

/** The route that puts many messages into the queue. */
export function mountBatch(routes: Routes, { sender, clock }: BatchParts, fail: RespondFailure): void {
  const bodies = createRequestBodies();

  function resultJson(enqueued: EnqueueResult, requestId: string): object {
    const result = enqueued.andThen(resultOf);
    if (result.isOk()) return { message_id: result.value.message.id, status: statusOf(result.value.message) };
    const { error } = result;
    if (error.kind === "Queued") return queuedJson(error.message);
    return { problem: problemJson(problemOf(error, clock.now(), unavailableTo.enqueue), requestId) };
  }

  routes.add(batchRoute, async (c, caller) => {
    if (c.req.header("idempotency-key") !== undefined) return respondProblem(c, keyOfAll);
    const split = await readJsonBytes(bodies, c, largestBatch).andThen(splitBatch);
    if (split.isErr()) return respondProblem(c, split.error);
    const parsed = await commandsOf(split.value, caller, c.get("traceparent"));
    if (parsed.isErr()) return respondProblem(c, parsed.error);
    const commands = parsed.value;
    const valid = commands.flatMap((command) => (command.isOk() ? [command.value] : []));
    const answered = await sender.enqueueMany(valid);
    if (answered.isErr()) return fail(c, answered.error);
    const enqueued = answered.value;
    const outages = enqueued.flatMap((result) =>
      result.isErr() && result.error.kind === "Unavailable" ? result.error : [],
    );
    if (outages[0] && outages.length === commands.length) return fail(c, outages[0], unavailableTo.enqueue);
    const requestId = c.get("requestId");
    const accepted = enqueued.values();
    const results = commands.map((command) =>
      command.isErr()
        ? { problem: problemJson(command.error, requestId) }
        : resultJson(accepted.next().value as EnqueueResult, requestId),
    );
    return respondJson(c, { results }, { status: 202 });
  });
}

const keyOfAll: Problem = invalidRequest(
  "A batch has no Idempotency-Key of its own: give each message its `idempotency_key`.",
);
