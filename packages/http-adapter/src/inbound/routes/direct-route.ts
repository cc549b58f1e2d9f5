import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

import { laterThisTurn } from "../../later-this-turn.ts";
import type { Route } from "./route.ts";
import { type Overload, overloaded, overloadRefusal, sheddingLevelOf } from "./shedding.ts";
import type { DirectAnswers } from "../requests/direct-answers.ts";
import type { DirectRequest, DirectRequests } from "../requests/direct-request.ts";
import type { GatheredRequest } from "../requests/gathered-request.ts";

export interface DirectRouteParts {
  readonly requests: DirectRequests;
  readonly overload: Overload;
  /** Whether nothing but the rules of the route concerns a request. */
  readonly isPlain: (incoming: IncomingMessage) => boolean;
}

/** A plain request whose body has arrived. */
interface Gathered {
  readonly incoming: GatheredRequest;
  readonly outgoing: DirectRequest["outgoing"];
  readonly body: Buffer;
  readonly startedAt: number;
}

/** Answers a plain request, or has it answered later. What it throws is answered as an unexpected error. */
export type ServeDirectly = (request: DirectRequest, headers: IncomingHttpHeaders, body: Buffer) => void;

/**
 * Answers the plain requests of a route straight from the server: with web objects, an app around it and a stream, the way to the
 * sender would cost three times as much. Whatever is special about a request makes it the app's. `route` has no parameters.
 */
export function answerDirectly(
  { requests, overload, isPlain }: DirectRouteParts,
  route: Route,
  serve: ServeDirectly,
): DirectAnswers {
  const { path, method } = route;
  const shedAt = sheddingLevelOf(route);

  const begin = laterThisTurn(({ incoming, outgoing, body, startedAt }: Gathered): void => {
    const request = requests.begin(incoming, outgoing, { route: path, startedAt });
    try {
      if (overload.level >= shedAt) shedDirectly(requests, request, overload);
      else serve(request, incoming.headers, body);
    } catch (error) {
      requests.fail(request, error);
    }
    incoming.forgetHeaders();
  });

  return (app) => (incoming, outgoing) => {
    const isAsked = incoming.url === path && incoming.method === method;
    if (!isAsked || !requests.areServed() || !isPlain(incoming)) return app(incoming, outgoing);
    const startedAt = performance.now();
    // Mostly the body has arrived together with the head. The app reads one that has not.
    incoming.gather((body) => {
      if (body) begin({ incoming, outgoing, body, startedAt });
      else app(incoming, outgoing);
    });
  };
}

export function shedDirectly(requests: DirectRequests, request: DirectRequest, overload: Overload): void {
  requests.respondProblem(request, overloaded(overload), { refusal: overloadRefusal });
}
