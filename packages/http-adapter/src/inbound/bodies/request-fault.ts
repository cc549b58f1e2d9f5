import type { IncomingMessage } from "node:http";

import type { Problem } from "../problems/problem.ts";

/** The rest of a request's body will not be read. */
export class RequestFault extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export const cutShort: Problem = { status: 408, detail: "The body did not arrive completely." };
export const tooSlow: Problem = { status: 408, detail: "The body arrived too slowly." };

/** A misconfiguration of the server that the app is mounted in. */
export const bodyConsumed: Problem = {
  status: 500,
  detail:
    "A body parser consumed the request before it reached Message Sender, which needs the raw bytes. Mount Message Sender before any body parser, or keep the raw bytes as a Buffer in `req.body`, as express.raw() does. In Fastify, remove the content type parsers from its routes.",
};

const faults = new WeakMap<IncomingMessage, RequestFault>();

/** Makes every present and future read of the body fail. The connection stays open for the answer. */
export function failBody(incoming: IncomingMessage, problem: Problem): void {
  const fault = new RequestFault(problem);
  faults.set(incoming, fault);
  // Destroying the request would destroy its socket too, before anything is answered.
  if (incoming.listenerCount("error") > 0) incoming.emit("error", fault);
}

/** The fault that the server has set with `failBody`. */
export function faultOf(incoming: IncomingMessage): RequestFault | undefined {
  return faults.get(incoming);
}
