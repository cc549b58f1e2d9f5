import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll } from "vitest";

type Respond = (outgoing: ServerResponse, incoming: IncomingMessage) => void;

/** A service whose answers a test chooses, byte by byte. */
export interface FakeService {
  readonly url: string;
  /** The method and path of each request so far. */
  readonly requests: readonly string[];
  /** Answers in this way until the next call. */
  respondWith(respond: Respond): void;
}

export async function startFakeService(usual: Respond): Promise<FakeService> {
  const requests: string[] = [];
  let respond = usual;
  const server = createServer((incoming, outgoing) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    outgoing.on("error", () => {});
    incoming.resume().on("end", () => respond(outgoing, incoming));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    respondWith: (next) => void (respond = next),
  };
}

/** An answer in one piece. */
export function answerOf(status: number, body: unknown, headers: Record<string, string> = {}): Respond {
  return (outgoing) => {
    const bytes = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    outgoing.writeHead(status, { "content-type": "application/json", ...headers });
    outgoing.end(bytes);
  };
}

const megabyte = Buffer.alloc(1024 * 1024, " ");

/** An answer that goes on for `megabytes`, for as long as somebody reads it. */
export function endless(status: number, beginning: string, onEnd: (sent: number) => void, megabytes = 50): Respond {
  return (outgoing) => {
    outgoing.writeHead(status, { "content-type": "application/json" });
    outgoing.write(beginning);
    let sent = 0;
    const write = (): void => {
      while (sent < megabytes && !outgoing.destroyed) {
        sent += 1;
        if (!outgoing.write(megabyte)) return void outgoing.once("drain", write);
      }
      outgoing.end();
    };
    outgoing.on("close", () => onEnd(sent));
    write();
  };
}

/** Bytes that need not be HTTP. */
export function rawBytes(...pieces: readonly (string | Buffer)[]): Respond {
  return ({ socket }) => {
    for (const piece of pieces) socket?.write(piece);
    socket?.end();
  };
}

/** An answer of which a byte comes every 100 ms. */
export function dripping(status: number, beginning: string): Respond {
  return (outgoing) => {
    outgoing.writeHead(status, { "content-type": "application/json" });
    outgoing.write(beginning);
    const timer = setInterval(() => outgoing.write(" "), 100);
    outgoing.on("close", () => clearInterval(timer));
  };
}
