import { randomUUID } from "node:crypto";
import { connect } from "node:net";

import type { ClientEvent } from "../events.ts";
import type { createLog } from "../log.ts";
import type { Random } from "../random.ts";
import { bodyOf, newCall } from "./calls.ts";
import type { Outlet } from "./services.ts";
import { pause, until } from "./wait.ts";

export interface MalformedClientsOptions {
  readonly random: Random;
  readonly outlets: readonly Outlet[];
  readonly write: ReturnType<typeof createLog<ClientEvent>>;
}

/** Longer than a server waits for the rest of a request. */
const stallMs = 20_000;
const answerMs = 30_000;
const ofEachKind = 4;

/** The pieces in which a request is sent. A number is the time to wait for an answer between two pieces, in ms. */
const violations: Readonly<Record<string, (request: string) => readonly (string | number)[]>> = {
  "junk after the body": (request) => [`${request}x`],
  "half a request, and the rest after the answer": (request) => {
    const half = request.length - 40;
    return [request.slice(0, half), stallMs, request.slice(half)];
  },
  "a second request that stalls": (request) => [request, request.slice(0, 60)],
};

/** Sends requests that violate HTTP. The first answer counts as the answer to the request. */
export async function sendMalformed({ random, outlets, write }: MalformedClientsOptions, url: string): Promise<void> {
  const kinds = Object.values(violations).flatMap((piecesOf) => Array.from({ length: ofEachKind }, () => piecesOf));
  await Promise.all(
    kinds.map(async (piecesOf) => {
      const call = newCall(random, outlets, false);
      const trace = randomUUID().replaceAll("-", "");
      write({ kind: "asked", call: call.id, trace, tenantId: call.tenantId, by: "http" });
      const answer = await exchange(url, piecesOf(requestOf(JSON.stringify(bodyOf(call)), trace)));
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
      const messageId = /"message_id":"([^"]+)"/.exec(answer)?.[1];
      if (!status) return write({ kind: "lost", call: call.id, trace, how: "reset" });
      return write({ kind: "answered", call: call.id, trace, status, ...(messageId !== undefined && { messageId }) });
    }),
  );
}

function requestOf(body: string, trace: string): string {
  const headers = [
    "POST /api/v1/messages/send HTTP/1.1",
    "host: 127.0.0.1",
    "content-type: application/json",
    `traceparent: 00-${trace}-${trace.slice(16)}-01`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return `${headers.join("\r\n")}\r\n\r\n${body}`;
}

/** Everything that the server answers until the connection ends. */
async function exchange(url: string, pieces: readonly (string | number)[]): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let answer = "";
  socket.on("data", (piece) => void (answer += String(piece)));
  socket.on("error", () => {});
  const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  for (const piece of pieces) {
    if (typeof piece === "number") await until(() => answer !== "", piece);
    else if (socket.writable) socket.write(piece);
  }
  await Promise.race([ended, pause(answerMs)]);
  socket.destroy();
  return answer;
}
