import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";

import { isMediaUpload } from "./media-upload.ts";
import { type Problem, problemBody, problemHeaders } from "./problem.ts";
import type { RequestContext } from "./request-context.ts";

export interface HttpServerOptions {
  readonly app: Pick<Hono<RequestContext>, "fetch">;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

export interface HttpServer {
  readonly url: string;
  /** Takes no new connection, and ends the ones there are once their requests are answered, in 3 s at most. */
  close(): Promise<void>;
}

const headersTimeoutMs = 5000;
const requestTimeoutMs = 8000;
const keepAliveTimeoutMs = 65_000;
const closeGraceMs = 3000;

/** Serves an app. Rejects when the address cannot be listened on. */
export async function startHttpServer({ app, host, port }: HttpServerOptions): Promise<HttpServer> {
  const uploads = new WeakMap<Duplex, IncomingMessage>();
  const listener = getRequestListener(app.fetch, {
    errorHandler: () =>
      new Response(problemBody(malformed, randomUUID()), { status: 400, headers: problemHeaders(malformed) }),
  });
  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      connectionsCheckingInterval: 1000,
      // The listener answers these two itself, with a problem.
      requireHostHeader: false,
    },
    (incoming, outgoing) => {
      if (isMediaUpload(incoming)) noteUpload(uploads, incoming, outgoing);
      return listener(incoming, outgoing);
    },
  );
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // A file may take as long as it keeps coming: its route sees to that until it answers, and what still comes then
    // is cut off after half a second (@hono/node-server, `drainIncoming`). Node leaves a socket to this listener, and
    // watches its time again from the next request on.
    if (error.code === "ERR_HTTP_REQUEST_TIMEOUT" && uploads.get(socket)?.complete === false) return;
    answerClientError(error, socket);
  });
  server.on("checkExpectation", (_, response) => {
    response.writeHead(417, problemHeaders(unmetExpectation)).end(problemBody(unmetExpectation, randomUUID()));
  });
  server.listen(port, host);
  await once(server, "listening");
  return { url: urlOf(server), close: () => close(server) };
}

function noteUpload(
  uploads: WeakMap<Duplex, IncomingMessage>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  const { socket } = incoming;
  uploads.set(socket, incoming);
  outgoing.once("close", () => uploads.get(socket) === incoming && uploads.delete(socket));
}

/** What is wrong below HTTP: the request never came to be one, so no handler can answer it. */
function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const problem = clientProblems[error.code ?? ""] ?? malformed;
  const body = problemBody(problem, randomUUID());
  const headers = { ...problemHeaders(problem), "content-length": Buffer.byteLength(body), connection: "close" };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${problem.status} ${problem.detail}\r\n${head.join("")}\r\n${body}`);
}

const unmetExpectation: Problem = { status: 417, detail: "Nothing but 100-continue may be expected." };
const malformed: Problem = { status: 400, type: "invalid-request", detail: "Malformed request" };
const clientProblems: Readonly<Record<string, Problem>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: "Request timeout" },
  HPE_HEADER_OVERFLOW: { status: 431, detail: "Request headers too large" },
};

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

/** A connection that is busy now becomes idle later, hence the repeats; whoever does not read its answer is cut off. */
async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const overdue = setTimeout(() => server.closeAllConnections(), closeGraceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(overdue);
}
