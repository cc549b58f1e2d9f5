import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { onTestFinished } from "vitest";

export interface RawClient {
  readonly socket: Socket;
  /** What came back. */
  answer(): string;
  /** The status of each answer that came back. */
  statuses(): number[];
  /** Resolves when the server has closed its half of the connection, or the whole of it. */
  readonly ended: Promise<void>;
  /** Resolves when nobody has the other end of the connection any more: what is sent there is answered with a reset. */
  gone(): Promise<void>;
}

/** Where a client waits until something has come back. */
export const afterAnswer = Symbol("after the answer");

const longestPart = "HTTP/1.1 200".length;

type Part = string | number | typeof afterAnswer;

/** A client that writes bytes, waits where a part is a number of milliseconds, and never closes its half. Gone with the test. */
export function rawClient(port: number, parts: readonly Part[]): RawClient {
  let answer = "";
  const statuses: number[] = [];
  let unseen = "";
  const answered = Promise.withResolvers<void>();
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  const ended = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  socket.on("data", (bytes) => {
    const text = bytes.toString("latin1");
    answer += text;
    unseen += text;
    let seen = unseen.length - longestPart;
    for (const { 0: line, 1: status, index } of unseen.matchAll(/HTTP\/1\.1 (\d+) /g)) {
      statuses.push(Number(status));
      seen = Math.max(seen, index + line.length);
    }
    unseen = unseen.slice(Math.max(seen, 0));
    answered.resolve();
  });
  socket.on("error", () => {});
  socket.on("end", () => ended.resolve());
  socket.on("close", () => {
    ended.resolve();
    closed.resolve();
  });
  socket.on("connect", async () => {
    for (const part of parts) {
      if (typeof part === "number") await sleep(part);
      else if (part === afterAnswer) await answered.promise;
      else if (socket.writable) socket.write(part);
    }
  });
  return {
    socket,
    answer: () => answer,
    statuses: () => [...statuses],
    ended: ended.promise,
    async gone() {
      const knocking = setInterval(() => socket.writable && socket.write("x"), 200);
      await closed.promise;
      clearInterval(knocking);
    },
  };
}

/** A request of a message, with what the caller says of its length. */
export function sendRequest(body: string, headers = `Content-Length: ${Buffer.byteLength(body)}\r\n`): string {
  const head = "POST /api/v1/messages/send HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
  return `${head}${headers}\r\n${body}`;
}

/** The same in one chunk, of a length that is not said before. */
export function chunkedRequest(body: string): string {
  return sendRequest(`${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`, "Transfer-Encoding: chunked\r\n");
}
