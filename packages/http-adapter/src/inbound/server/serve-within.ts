import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import { closeServer, waitingConnections } from "./close-server.ts";
import { type Answer, type Connection, openConnection } from "./connection.ts";
import { isMediaUpload } from "../media/media-upload.ts";
import type { Problem } from "../problems/problem.ts";
import { directAnswersOf } from "../requests/direct-answers.ts";
import { GatheredRequest } from "../requests/gathered-request.ts";
import { createListener, type FetchApp, malformed } from "./node-handler.ts";
import { outerAnswer } from "./raw-answer.ts";
import { createUnreadAnswers } from "./unread-answers.ts";

/** The options of `startHttpServer`. */
export interface HttpServerOptions {
  readonly app: FetchApp;
  /** The address to listen on, such as `127.0.0.1`. */
  readonly host: string;
  /** 0 selects any free port. */
  readonly port: number;
  /** Further connections are closed immediately. Default: 16,384. */
  readonly maxConnections?: number;
}

/** A server of `startHttpServer`. */
export interface HttpServer {
  readonly url: string;
  /** From now on closes every connection with its next answer, so that clients move to another server. */
  drain(): void;
  /**
   * Drains and closes the server. Keeps answering until no more requests arrive, for at most 2 s. Then stops accepting connections, and closes each open
   * one after its requests are answered, within 3 s.
   */
  close(): Promise<void>;
}

/** The time limits for clients, in milliseconds. */
export interface ServerLimits {
  /** For the head of a request. */
  readonly headersMs: number;
  /** For a whole request. */
  readonly requestMs: number;
  /** Between two requests. */
  readonly keepAliveMs: number;
  /** The interval between checks for late requests. */
  readonly checkMs: number;
  /** When to check again a request that is late because the one before it is not answered yet. */
  readonly checkAgainMs: number;
}

/** A client whose request does not arrive is disconnected within 10 s. */
export const serverLimits: ServerLimits = {
  headersMs: 5000,
  requestMs: 8000,
  keepAliveMs: 65_000,
  checkMs: 1000,
  checkAgainMs: 5000,
};

const unreadCheckMs = 1000;
/** A client that reads nothing of its answer for 10 s is disconnected, or sooner if such answers exceed 32 MB in total. */
const unreadLimits = { mostChecks: 10, mostBytes: 32 * 1024 * 1024 };

/** `startHttpServer` with other limits. */
export async function serveWithin(
  limits: ServerLimits,
  { app, host, port, maxConnections = 16_384 }: HttpServerOptions,
): Promise<HttpServer> {
  const connections = new Map<Socket, Connection>();
  const unread = createUnreadAnswers(unreadLimits);
  const forget = (socket: Socket): void => void connections.delete(socket);
  let isDraining = false;
  let arrivals = 0;
  const appListener = createListener(app, { overrideGlobalObjects: true });
  const listener = directAnswersOf(app)?.(appListener) ?? appListener;
  const server = createServer({
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: limits.checkMs,
    // The listener answers these requests itself, with a problem.
    requireHostHeader: false,
    IncomingMessage: GatheredRequest,
  });
  // A client that has closed its half of the connection still gets its answer.
  Object.assign(server, { maxConnections, httpAllowHalfOpen: true });
  const handledBy =
    (answer: Answer): Answer =>
    (incoming, outgoing) => {
      arrivals += 1;
      connections.get(incoming.socket)?.take(incoming, outgoing, answer);
    };
  server.on("connection", (socket: Socket) => {
    arrivals += 1;
    // Node keeps the address, for the log. The system does not know it any more once the client has left.
    void socket.remoteAddress;
    const connection = openConnection(socket, { checkAgainMs: limits.checkAgainMs, onClose: forget });
    connections.set(socket, connection);
    if (isDraining) connection.closeAfterAnswer();
  });
  server.on("request", handledBy(listener));
  server.on("checkExpectation", handledBy(refuseExpectation));
  server.on("connect", ({ socket }) => connections.get(socket)?.fail(malformed));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const connection = connections.get(socket as Socket);
    const problem = clientProblems[error.code ?? ""] ?? malformed;
    if (!connection || error.syscall !== undefined || error.code === "ECONNRESET") socket.destroy();
    else if (problem === timedOut) {
      // A media upload may take as long as it keeps arriving. Its route enforces that until it answers. Half a second after that,
      // @hono/node-server (`drainIncoming`) destroys a connection that still sends.
      connection.timeOut(problem, isMediaUpload);
    } else connection.fail(problem);
  });
  server.listen({ port, host, backlog: waitingConnections });
  await once(server, "listening");
  const checking = setInterval(() => unread.check(connections.keys()), unreadCheckMs).unref();

  function drain(): void {
    isDraining = true;
    for (const connection of connections.values()) connection.closeAfterAnswer();
  }
  async function close(): Promise<void> {
    drain();
    await closeServer({ server, arrivals: () => arrivals, sockets: () => connections.keys() });
    clearInterval(checking);
  }
  return { url: urlOf(server), drain, close };
}

const refuseExpectation: Answer = (_, outgoing) => {
  const { headers, body } = outerAnswer(unmetExpectation);
  outgoing.writeHead(unmetExpectation.status, headers).end(body);
};

const unmetExpectation: Problem = { status: 417, detail: "The only supported expectation is 100-continue." };
const timedOut: Problem = { status: 408, detail: "Request timeout" };
const clientProblems: Readonly<Record<string, Problem>> = {
  ERR_HTTP_REQUEST_TIMEOUT: timedOut,
  HPE_HEADER_OVERFLOW: { status: 431, detail: "Request headers too large" },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, type: "body-too-large", detail: "Chunk extensions too large" },
};

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
