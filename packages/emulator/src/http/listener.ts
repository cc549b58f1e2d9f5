import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

import { createAdaptorServer, type HttpBindings } from "@hono/node-server";

import type { Env } from "./answer.ts";

export type Fetch = (request: Request, bindings?: Env["Bindings"]) => Response | Promise<Response>;

/** One service's socket. */
export interface Listener {
  /** Without a slash at the end. */
  readonly url: string;
  /** Cuts each connection and refuses new ones, until `start`. */
  stop(): Promise<void>;
  /** Listens on the same port again. */
  start(): Promise<void>;
}

export async function listen(fetch: Fetch, host: string, port: number): Promise<Listener> {
  let server = await open(fetch, host, port);
  const bound = (server.address() as AddressInfo).port;
  let turn: Promise<void> = Promise.resolve();

  async function stop(): Promise<void> {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async function start(): Promise<void> {
    if (!server.listening) server = await open(fetch, host, bound);
  }

  function inTurn(step: () => Promise<void>): Promise<void> {
    turn = turn.then(step, step);
    return turn;
  }

  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    stop: () => inTurn(stop),
    start: () => inTurn(start),
  };
}

async function open(fetch: Fetch, host: string, port: number): Promise<Server> {
  // The types of the adapter allow HTTP/2 servers too; without `createServer` it is always this one.
  const server = createAdaptorServer({
    fetch: (request, bindings) => fetch(request, bindings as HttpBindings),
    overrideGlobalObjects: false,
  }) as Server;
  // An idle connection that is closed just as the next request goes out looks like a fault that nobody asked for.
  server.keepAliveTimeout = 0;
  server.listen(port, host);
  await once(server, "listening");
  return server;
}
