import { once } from "node:events";
import type { Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";

import { createAdaptorServer, type HttpBindings } from "@hono/node-server";

import type { Env } from "./answer.ts";

export type Fetch = (request: Request, bindings?: Env["Bindings"]) => Response | Promise<Response>;

/** A request as Node has it. */
export type Incoming = HttpBindings["incoming"];

/** A certificate, or a chain, and its private key, in PEM. */
export interface TlsOptions {
  readonly cert: string;
  readonly key: string;
}

/** Where a service listens. */
interface Place {
  readonly host: string;
  readonly port: number;
  /** undefined: it speaks http. */
  readonly tls?: TlsOptions | undefined;
}

/** A service's listening socket. */
export interface Listener {
  /** Without a trailing slash. */
  readonly url: string;
  /** Closes every connection and refuses new ones until `start`. */
  stop(): Promise<void>;
  /** Listens on the same port again. */
  start(): Promise<void>;
}

export async function listen(fetch: Fetch, { host, port, tls }: Place): Promise<Listener> {
  let server = await open(fetch, { host, port, tls });
  const bound = (server.address() as AddressInfo).port;
  let lastStep: Promise<void> = Promise.resolve();

  async function stop(): Promise<void> {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async function start(): Promise<void> {
    if (!server.listening) server = await open(fetch, { host, port: bound, tls });
  }

  /** Runs stops and starts one after another. */
  function inOrder(step: () => Promise<void>): Promise<void> {
    lastStep = lastStep.then(step, step);
    return lastStep;
  }

  return {
    url: `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    stop: () => inOrder(stop),
    start: () => inOrder(start),
  };
}

async function open(fetch: Fetch, { host, port, tls }: Place): Promise<Server> {
  // The adapter's types allow HTTP/2 servers too; without `createServer` or with that of https, it is always an HTTP/1 server.
  const server = createAdaptorServer({
    fetch: (request, bindings) => fetch(request, bindings as HttpBindings),
    overrideGlobalObjects: false,
    ...(tls && { createServer: createHttpsServer, serverOptions: { cert: tls.cert, key: tls.key } }),
  }) as Server;
  // Idle connections stay open: closing one just as the next request arrives would look like a fault nobody asked for.
  server.keepAliveTimeout = 0;
  server.listen(port, host);
  await once(server, "listening");
  return server;
}
