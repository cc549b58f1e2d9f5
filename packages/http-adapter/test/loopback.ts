import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

import { onTestFinished } from "vitest";

export interface Loopback {
  readonly url: string;
  readonly port: number;
  /** Everything that any connection received. */
  received(): string;
  connections(): number;
  close(): Promise<void>;
}

/** A TCP server on a free loopback port that does as `onConnection` says; gone when the test is. */
export async function startRawServer(onConnection: (socket: Socket) => void): Promise<Loopback> {
  return listen(createServer(onConnection));
}

export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface HttpLoopback extends Loopback {
  readonly requests: ReceivedRequest[];
}

/** An HTTP server on a free loopback port that keeps every whole request it was sent; HTTPS where `pem` is given. */
export async function startHttpServer(
  answer: (request: ReceivedRequest, response: ServerResponse) => unknown,
  pem?: string,
): Promise<HttpLoopback> {
  const requests: ReceivedRequest[] = [];
  const onRequest = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const { method = "", url = "", headers } = incoming;
    const request = { method, url, headers, body: Buffer.concat(chunks).toString() };
    requests.push(request);
    await answer(request, response);
  };
  const server = pem ? createHttpsServer({ key: pem, cert: pem }, onRequest) : createHttpServer(onRequest);
  return Object.assign(await listen(server, pem ? "secureConnection" : "connection"), { requests });
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** Resolves once `socket` has received one whole request. */
export async function requestRead(socket: Socket): Promise<void> {
  let text = "";
  for (;;) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    text += chunk.toString("latin1");
    const head = text.indexOf("\r\n\r\n");
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (head !== -1 && text.length >= head + 4 + length) return;
  }
}

async function listen(server: Server, event = "connection"): Promise<Loopback> {
  const sockets = new Set<Socket>();
  const chunks: Buffer[] = [];
  let connections = 0;
  // After the server's own listener: an HTTP parser takes the bytes past every listener for data that came before it.
  server.on(event, (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  async function close(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
  onTestFinished(close);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received: () => Buffer.concat(chunks).toString(),
    connections: () => connections,
    close,
  };
}
