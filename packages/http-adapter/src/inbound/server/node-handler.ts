import type { IncomingMessage, ServerResponse } from "node:http";

import { getRequestListener, RequestError } from "@hono/node-server";

import { notFound, type Problem, unexpectedError } from "../problems/problem.ts";
import { outerAnswer } from "./raw-answer.ts";

/** An app of `createHttpApp` or `createWebhookApp`, or a Hono app of your own around it. */
export interface FetchApp {
  /** Answers a request. */
  fetch(request: Request, env?: object): Response | Promise<Response>;
}

/** A request handler for Node's `createServer`, Express and Connect. */
export type NodeHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/** The options of `toNodeHandler`. */
export interface NodeHandlerOptions {
  /**
   * The path under which the handler is mounted, such as `/whatsapp`, with its leading slash, if the caller does not remove it from the URL. Express and
   * Connect remove it. Default: none.
   */
  readonly basePath?: string;
}

/**
 * Turns an app into a request handler for a Node server of your own. Call it before anything reads the request's body: webhook
 * signatures cover the raw bytes. If the bytes are lost, the answer is 500 and says what to change. The handler answers every
 * request that it gets, and does not modify globals.
 *
 * @example
 * ```ts
 * express().use("/whatsapp", toNodeHandler(createHttpApp({ sender, access })));
 * ```
 */
export function toNodeHandler(app: FetchApp, { basePath = "" }: NodeHandlerOptions = {}): NodeHandler {
  const base = basePath.replace(/\/+$/, "");
  if (base !== "" && !base.startsWith("/")) throw new TypeError("basePath must begin with a slash: no URL is under it");
  const listener = createListener(app, { overrideGlobalObjects: false });
  return (incoming, outgoing) => {
    if (base === "" || removeBase(base, incoming)) return listener(incoming, outgoing);
    const { headers, body } = outerAnswer(notFound);
    outgoing.writeHead(notFound.status, headers).end(body);
    return Promise.resolve();
  };
}

/** `overrideGlobalObjects` replaces this process's `Request` and `Response` with @hono/node-server's, which are faster. */
export function createListener(
  app: FetchApp,
  { overrideGlobalObjects }: { readonly overrideGlobalObjects: boolean },
): NodeHandler {
  return getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects,
    // An HTTP/1.0 request needs no Host header. Some load balancers send such health checks.
    hostname: "localhost",
    errorHandler(error) {
      const problem = error instanceof RequestError ? malformed : unexpectedError;
      const { headers, body } = outerAnswer(problem);
      return new Response(body, { status: problem.status, headers });
    },
  });
}

export const malformed: Problem = { status: 400, type: "invalid-request", detail: "Malformed request" };

/** Removes the base as Express and Connect do; `originalUrl` keeps the complete URL. False if the URL is not under `base`. */
function removeBase(base: string, incoming: IncomingMessage & { originalUrl?: string }): boolean {
  const { url = "" } = incoming;
  const own = url.slice(base.length);
  if (!url.startsWith(base) || !/^(?:[/?]|$)/.test(own)) return false;
  incoming.originalUrl ??= url;
  incoming.url = own.startsWith("/") ? own : `/${own}`;
  return true;
}
