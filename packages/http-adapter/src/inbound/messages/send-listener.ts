import type { IncomingMessage, ServerResponse } from "node:http";

import type { MessageSender } from "@message-sender/core";
import type { Clock } from "@message-sender/core/adapter";

import { type Access, admittedBy, type Caller, everyone, isCaller, refusalOf } from "../access/access.ts";
import { deciderOf } from "../access/authorization-check.ts";
import { parseBody } from "../bodies/json-body.ts";
import { problemOf } from "../problems/problem-details.ts";
import { unexpectedError } from "../problems/problem.ts";
import { type DirectRequest, type DirectRequests, idOf } from "../requests/direct-request.ts";
import type { Logger } from "../requests/logger.ts";
import { faultOf } from "../requests/respond-failure.ts";
import { type Overload, overloaded, overloadRefusal, shedding } from "../routes/shedding.ts";
import type { DirectAnswers } from "../requests/direct-answers.ts";
import { answerTo, perform, requestOf, type SendResult } from "./send-decisions.ts";
import type { SendRequest } from "./send-request.ts";
import { sendRoute, sendScope } from "./send-route.ts";

interface SendListenerParts {
  readonly sender: MessageSender;
  readonly access: Access;
  readonly overload: Overload;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly requests: DirectRequests;
  /** Whether nothing but the rules of the route concerns a request. */
  readonly isPlain: (incoming: IncomingMessage) => boolean;
}

/**
 * Answers plain sends straight from the server, by the decisions of the route: with web objects, an app around it and a stream, the
 * way to the sender would cost three times as much. Whatever is special about a request makes it the app's. Undefined if the access
 * check has to see the web Request.
 */
export function createSendListener(parts: SendListenerParts): DirectAnswers | undefined {
  const { sender, access, overload, clock, logger, requests, isPlain } = parts;
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
      if ("failure" in answer) {
        const { failure, unavailable } = answer;
        requests.respondProblem(request, problemOf(failure, clock.now(), unavailable), { fault: faultOf(failure) });
      } else requests.respondJson(request, answer.json, answer);
    } catch (error) {
      fail(request, error);
    }
  }

  /** For an error that nobody expected. A port of the caller's may throw anything. Never throws. */
  function fail(request: DirectRequest, error: unknown): void {
    const stack = error instanceof Error ? error.stack : undefined;
    logger.error({ request_id: idOf(request), stack, ...request.trace }, "unexpected error");
    try {
      requests.respondProblem(request, unexpectedError);
    } catch {
      request.outgoing.destroy();
    }
  }

  function shed(request: DirectRequest): void {
    requests.respondProblem(request, overloaded(overload), { refusal: overloadRefusal });
  }

  function serve(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse, startedAt: number): void {
    const { headers } = incoming;
    const request = requests.begin(incoming, outgoing, { route: sendRoute.path, startedAt });
    try {
      if (overload.level >= shedding.send) return shed(request);
      const caller = admit(request, headers.authorization);
      if (!caller) return;
      const sendHeaders = {
        idempotencyKey: headers["idempotency-key"] as string | undefined,
        prefer: headers["prefer"] as string | undefined,
        traceparent: request.traceparent,
      };
      const asked = requestOf(parseBody(body), sendHeaders, caller);
      if (asked.isErr()) return requests.respondProblem(request, asked.error);
      if (asked.value.isQueued && overload.level >= shedding.queued) return shed(request);
      request.appliedPreference = asked.value.appliedPreference;
      requests
        .run(request, () => perform(sender, asked.value))
        .then(
          (result) => respond(request, asked.value, result),
          (error: unknown) => fail(request, error),
        );
    } catch (error) {
      fail(request, error);
    }
  }

  return (app) => (incoming, outgoing) => {
    const isSend = incoming.url === sendRoute.path && incoming.method === sendRoute.method;
    if (!isSend || !requests.areServed() || !isPlain(incoming)) return app(incoming, outgoing);
    const startedAt = performance.now();
    // Mostly the body has arrived together with the head. The app reads one that has not.
    incoming.gather((body) => {
      if (body) serve(incoming, body, outgoing, startedAt);
      else app(incoming, outgoing);
    });
  };
}
