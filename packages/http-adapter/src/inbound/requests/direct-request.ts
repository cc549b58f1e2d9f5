import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import type { Clock } from "@message-sender/core/adapter";
import type { Context as TraceContext } from "@opentelemetry/api";

import { isTracing } from "../../spans.ts";
import { runInContext, type TraceFields } from "../../trace-context.ts";
import { problemOf, type RequestFailure } from "../problems/problem-details.ts";
import { type Problem, problemBody, problemHeaders, unexpectedError } from "../problems/problem.ts";
import { completeHeaders } from "./answer-headers.ts";
import type { ClientAddress } from "./client-address.ts";
import type { Logger } from "./logger.ts";
import { isRequestId } from "./request-context.ts";
import type { EndRequest, Fault, Refusal } from "./request-end.ts";
import { beginTrace } from "./request-trace.ts";
import { faultOf } from "./respond-failure.ts";

/** A request that is answered on Node's own objects: what a `Context<RequestContext>` is to the app. */
export interface DirectRequest {
  readonly outgoing: ServerResponse;
  /** Of a route without parameters, so it is the path too. */
  readonly route: string;
  readonly startedAt: number;
  /** The caller's, or undefined until `idOf` makes one for the answer: no request keeps one while it waits. */
  requestId: string | undefined;
  readonly traceparent: string;
  readonly within: TraceContext;
  readonly trace: TraceFields | undefined;
  readonly clientAddress: string | undefined;
  caller: string | undefined;
  /** Headers that the access check adds to the answer. */
  answerHeaders: Readonly<Record<string, string>> | undefined;
  appliedPreference: string | undefined;
}

/** Why a request got a problem, for the log line. */
interface Why {
  readonly refusal?: Refusal | undefined;
  readonly fault?: Fault | undefined;
}

export interface DirectRequests {
  /** False while an OpenTelemetry SDK is registered: a request is a span then, which only the app begins. */
  areServed(): boolean;
  begin(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    begun: { readonly route: string; readonly startedAt: number },
  ): DirectRequest;
  /** Runs work in the trace of a request. */
  run<T>(request: DirectRequest, work: () => T): T;
  respondJson(
    request: DirectRequest,
    json: object,
    answer?: {
      readonly status?: number;
      readonly messageId?: string;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    },
  ): void;
  respondProblem(request: DirectRequest, problem: Problem, why?: Why): void;
  /** `unavailable` is the detail of an `Unavailable` error. */
  respondFailure(request: DirectRequest, failure: RequestFailure, unavailable?: string): void;
  /** For an error that nobody expected. A port of the caller's may throw anything. Never throws. */
  fail(request: DirectRequest, error: unknown): void;
}

interface DirectRequestsParts {
  readonly endRequest: EndRequest;
  readonly clientAddress: ClientAddress;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Headers, bodies and log lines are those that the app gives to the same requests. */
export function createDirectRequests(parts: DirectRequestsParts): DirectRequests {
  const { endRequest, clientAddress, clock, logger } = parts;

  function respond(
    request: DirectRequest,
    answer: { readonly status: number; readonly headers: Record<string, string>; readonly body: string },
    facts: { readonly messageId: string | undefined; readonly problem?: string } & Why,
  ): void {
    const requestId = idOf(request);
    const { outgoing, route, startedAt, traceparent, trace, caller, appliedPreference, answerHeaders } = request;
    const { status, headers, body } = answer;
    completeHeaders(headers, { requestId, traceparent, appliedPreference, answerHeaders });
    headers["content-length"] = String(Buffer.byteLength(body));
    endRequest({
      requestId,
      startedAt,
      method: "POST",
      path: route,
      route,
      status,
      clientAddress: request.clientAddress,
      trace,
      caller,
      messageId: facts.messageId,
      problem: facts.problem,
      refusal: facts.refusal,
      fault: facts.fault,
    });
    outgoing.writeHead(status, headers).end(body);
  }

  function respondProblem(request: DirectRequest, problem: Problem, why?: Why): void {
    const { status, type = String(status), messageId } = problem;
    const body = problemBody(problem, idOf(request));
    respond(request, { status, headers: problemHeaders(problem), body }, { messageId, problem: type, ...why });
  }

  return {
    areServed: () => !isTracing(),
    begin({ headers, socket }, outgoing, { route, startedAt }) {
      const header = (name: string): string | undefined => headers[name] as string | undefined;
      const requestId = header("x-request-id");
      const { within, traceparent, fields: trace } = beginTrace(header);
      return {
        outgoing,
        route,
        startedAt,
        requestId: isRequestId(requestId) ? requestId : undefined,
        traceparent,
        within,
        trace,
        clientAddress: clientAddress(socket.remoteAddress, header("x-forwarded-for")),
        caller: undefined,
        answerHeaders: undefined,
        appliedPreference: undefined,
      };
    },
    run: ({ within }, work) => runInContext(within, work),
    respondJson(request, json, { status = 200, headers, messageId } = {}) {
      const given = { "content-type": "application/json", ...headers };
      respond(request, { status, headers: given, body: JSON.stringify(json) }, { messageId });
    },
    respondProblem,
    respondFailure(request, failure, unavailable) {
      respondProblem(request, problemOf(failure, clock.now(), unavailable), { fault: faultOf(failure) });
    },
    fail(request, error) {
      const stack = error instanceof Error ? error.stack : undefined;
      logger.error({ request_id: idOf(request), stack, ...request.trace }, "unexpected error");
      try {
        respondProblem(request, unexpectedError);
      } catch {
        request.outgoing.destroy();
      }
    },
  };
}

function idOf(request: DirectRequest): string {
  return (request.requestId ??= randomUUID());
}
