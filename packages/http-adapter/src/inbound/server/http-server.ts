import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import { closeServer } from "./close-server.ts";
import { type Answer, type Connection, openConnection } from "./connection.ts";
import { isMediaUpload } from "../media/media-upload.ts";
import { type Problem, problemBody, problemHeaders } from "../problems/problem.ts";
import { createListener, type FetchApp, malformed } from "./node-handler.ts";
import { createUnreadAnswers } from "./unread-answers.ts";

export interface HttpServerOptions {
  readonly app: FetchApp;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Connections beyond this number are closed at once. Default: 16,384. */
  readonly maxConnections?: number;
}

export interface HttpServer {
  readonly url: string;
  /** Closes every connection with its next answer from now on, so that clients move to another server. */
  drain(): void;
  /**
   * Drains. Goes on answering, for 2 s at most, until no more requests come in. Then accepts no new connection, and closes
   * each open one once its requests are answered, within 3 s.
   */
  close(): Promise<void>;
}

const headersTimeoutMs = 5000;
const requestTimeoutMs = 8000;
const keepAliveTimeoutMs = 65_000;
const lookMs = 1000;
/** How many may connect while the event loop is busy. The kernel refuses more (Linux allows 4096 by default). */
const waitingConnections = 4096;
/** A client that takes nothing of its answer for 10 s is disconnected; sooner where 32 MB wait for such clients. */
const unreadLimits = { mostLooks: 10, mostBytes: 32 * 1024 * 1024 };

/** Serves an app. Rejects when the address cannot be listened on. */
export async function startHttpServer({
  app,
  host,
  port,
  maxConnections = 16_384,
}: HttpServerOptions): Promise<HttpServer> {
  const connections = new Map<Socket, Connection>();
  const unread = createUnreadAnswers(unreadLimits);
  let isDraining = false;
  let arrivals = 0;
  const listener = createListener(app, { overrideGlobalObjects: true });
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: 1000,
    // The listener answers these two itself, with a problem.
    requireHostHeader: false,
  });
  // A client that has closed its half is still answered.
  Object.assign(server, { maxConnections, httpAllowHalfOpen: true });
  const takenBy =
    (answer: Answer): Answer =>
    (incoming, outgoing) => {
      arrivals += 1;
      connections.get(incoming.socket)?.take(incoming, outgoing, answer);
    };
  server.on("connection", (socket: Socket) => {
    arrivals += 1;
    const connection = openConnection(socket);
    connections.set(socket, connection);
    socket.once("close", () => connections.delete(socket));
    if (isDraining) connection.closeAfterAnswer();
  });
  server.on("request", takenBy(listener));
  server.on("checkExpectation", takenBy(refuseExpectation));
  server.on("connect", ({ socket }) => connections.get(socket)?.fail(malformed));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const connection = connections.get(socket as Socket);
    const problem = clientProblems[error.code ?? ""] ?? malformed;
    if (!connection || error.syscall !== undefined || error.code === "ECONNRESET") socket.destroy();
    else if (problem === tooLate) {
      // A file may take as long as it keeps coming: its route sees to that until it answers, and what still comes then is cut
      // off after half a second (@hono/node-server, `drainIncoming`).
      connection.timeOut(problem, isMediaUpload);
    } else connection.fail(problem);
  });
  server.listen({ port, host, backlog: waitingConnections });
  await once(server, "listening");
  const looking = setInterval(() => unread.look(connections.keys()), lookMs).unref();

  function drain(): void {
    isDraining = true;
    for (const connection of connections.values()) connection.closeAfterAnswer();
  }
  async function close(): Promise<void> {
    drain();
    await closeServer({ server, arrivals: () => arrivals, sockets: () => connections.keys() });
    clearInterval(looking);
  }
  return { url: urlOf(server), drain, close };
}

const refuseExpectation: Answer = (_, outgoing) => {
  outgoing.writeHead(417, problemHeaders(unmetExpectation)).end(problemBody(unmetExpectation, randomUUID()));
};

const unmetExpectation: Problem = { status: 417, detail: "Nothing but 100-continue may be expected." };
const tooLate: Problem = { status: 408, detail: "Request timeout" };
const clientProblems: Readonly<Record<string, Problem>> = {
  ERR_HTTP_REQUEST_TIMEOUT: tooLate,
  HPE_HEADER_OVERFLOW: { status: 431, detail: "Request headers too large" },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, type: "body-too-large", detail: "Chunk extensions too large" },
};

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
