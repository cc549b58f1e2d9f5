import type { MessageSender } from "@message-sender/core";

import { type Access, admittedBy, type Caller, everyone, isCaller, refusalOf } from "../access/access.ts";
import { deciderOf } from "../access/authorization-check.ts";
import { parseBody } from "../bodies/json-body.ts";
import type { DirectAnswers } from "../requests/direct-answers.ts";
import type { DirectRequest } from "../requests/direct-request.ts";
import { answerDirectly, type DirectRouteParts, shedDirectly } from "../routes/direct-route.ts";
import { shedding } from "../routes/shedding.ts";
import { answerTo, perform, requestOf, type SendResult } from "./send-decisions.ts";
import type { SendRequest } from "./send-request.ts";
import { sendRoute, sendScope } from "./send-route.ts";

interface SendListenerParts extends DirectRouteParts {
  readonly sender: MessageSender;
  readonly access: Access;
}

/**
 * Answers plain sends straight from the server, by the decisions of the route. Undefined if the access check has to see the web
 * Request.
 */
export function createSendListener(parts: SendListenerParts): DirectAnswers | undefined {
  const { sender, access, overload, requests } = parts;
  const decide = access === "open" ? undefined : deciderOf(access);
  if (access !== "open" && !decide) return undefined;

  /** Undefined after the caller was refused. */
  function admit(request: DirectRequest, authorization: string | undefined): Caller | undefined {
    if (!decide) return everyone;
    const decision = decide(authorization ?? null);
    request.caller = decision.caller;
    request.answerHeaders = decision.headers;
    const admitted = admittedBy(decision, sendScope);
    if (isCaller(admitted)) return admitted;
    requests.respondProblem(request, admitted, { refusal: refusalOf(decision, admitted) });
    return undefined;
  }

  function respond(request: DirectRequest, asked: SendRequest, result: SendResult): void {
    try {
      const answer = answerTo(asked, result, () => "");
      if ("failure" in answer) requests.respondFailure(request, answer.failure, answer.unavailable);
      else requests.respondJson(request, answer.json, answer);
    } catch (error) {
      requests.fail(request, error);
    }
  }

  return answerDirectly(parts, sendRoute, (request, headers, body) => {
    const caller = admit(request, headers.authorization);
    if (!caller) return;
    const sendHeaders = {
      idempotencyKey: headers["idempotency-key"] as string | undefined,
      prefer: headers["prefer"] as string | undefined,
      traceparent: request.traceparent,
    };
    const asked = requestOf(parseBody(body), sendHeaders, caller);
    if (asked.isErr()) return requests.respondProblem(request, asked.error);
    if (asked.value.isQueued && overload.level >= shedding.queued) return shedDirectly(requests, request, overload);
    request.appliedPreference = asked.value.appliedPreference;
    // `then` is called within `run` too: Node keeps the context of each callback, and outside it is another one for each request.
    requests.run(request, () => {
      perform(sender, asked.value).then(
        (result) => respond(request, asked.value, result),
        (error: unknown) => requests.fail(request, error),
      );
    });
  });
}
