import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import { getRequestListener } from "@hono/node-server";
import { notFound, type Problem, problemBody, problemHeaders } from "../problems/problem.ts";

/** An app of `createHttpApp` or `createWebhookApp`, or a Hono app of your own around it. */
export interface FetchApp {
  fetch(request: Request, env?: object): Response | Promise<Response>;
}

/** What Node's `createServer`, Express and Connect call with each request. */
export type NodeHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

export interface NodeHandlerOptions {
  /**
   * What comes before the app's own paths, such as `/whatsapp`, where whoever calls the handler does not take it off. Express
   * and Connect do. Default: nothing.
   */
  readonly basePath?: string;
}

/**
 * An app as a handler for a Node server of your own. It must be called before anything reads the request's body: a signature is
 * of the bytes as they came, and where they are gone the answer is 500 and says so. It answers every request that it is called
 * with, and touches no globals.
 *
 * @example
 * ```ts
 * express().use("/whatsapp", toNodeHandler(createHttpApp({ sender, access })));
 * ```
 */
export function toNodeHandler(app: FetchApp, { basePath = "" }: NodeHandlerOptions = {}): NodeHandler {
  const base = basePath.replace(/\/+$/, "");
  const listener = createListener(app, { overrideGlobalObjects: false });
  return (incoming, outgoing) => {
    if (base === "" || takeOff(base, incoming)) return listener(incoming, outgoing);
    outgoing.writeHead(404, problemHeaders(notFound)).end(problemBody(notFound, randomUUID()));
    return Promise.resolve();
  };
}

/** `overrideGlobalObjects`: makes `Request` and `Response` of this process @hono/node-server's own, which are cheaper. */
export function createListener(
  { fetch }: FetchApp,
  { overrideGlobalObjects }: { readonly overrideGlobalObjects: boolean },
): NodeHandler {
  return getRequestListener(fetch, {
    overrideGlobalObjects,
    // In HTTP/1.0 a request need not name one; load balancers check a server's health like that.
    hostname: "localhost",
    errorHandler: () =>
      new Response(problemBody(malformed, randomUUID()), { status: 400, headers: problemHeaders(malformed) }),
  });
}

export const malformed: Problem = { status: 400, type: "invalid-request", detail: "Malformed request" };

/** As Express and Connect do it: `originalUrl` keeps the whole target. False where it is outside of `base`. */
function takeOff(base: string, incoming: IncomingMessage & { originalUrl?: string }): boolean {
  const { url = "" } = incoming;
  const own = url.slice(base.length);
  if (!url.startsWith(base) || !/^(?:[/?]|$)/.test(own)) return false;
  incoming.originalUrl ??= url;
  incoming.url = own.startsWith("/") ? own : `/${own}`;
  return true;
}
