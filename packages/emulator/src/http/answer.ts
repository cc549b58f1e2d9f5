import type { ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";

import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";

import type { HeldRequests } from "./held-requests.ts";

/** Hono's environment. The bindings exist on a socket and are absent when the app is called as a function. */
export interface Env {
  Bindings: Partial<HttpBindings>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

type Bindings = Env["Bindings"] | undefined;

// When another server has replaced the global Response before this module loads, node-server does not recognize this
// marker and would write it as an answer. Reading its body turns it into a plain Response.
void RESPONSE_ALREADY_SENT.body;

const jsonHeaders = { "content-type": "application/json; charset=UTF-8" };
const problemHeaders = { "content-type": "application/problem+json" };
const htmlHeaders = { "content-type": "text/html; charset=utf-8" };

export function json(status: number, value: unknown, headers?: Readonly<Record<string, string>>): Answer {
  return { status, headers: headers ? { ...jsonHeaders, ...headers } : jsonHeaders, body: JSON.stringify(value) };
}

export function problem(status: number, title: string, detail?: string): Answer {
  return { status, headers: problemHeaders, body: JSON.stringify({ title, status, detail }) };
}

export function html(status: number, text: string): Answer {
  const page = `<!DOCTYPE html>\n<html><head><title>${text}</title></head><body><h1>${text}</h1></body></html>\n`;
  return { status, headers: htmlHeaders, body: page };
}

/** Writes straight to the socket: building a Response in between would cost more than the rest of a request. */
export function send(bindings: Bindings, answer: Answer): Response {
  const outgoing = bindings?.outgoing;
  if (!outgoing) return new Response(answer.body, { status: answer.status, headers: answer.headers });
  if (outgoing.destroyed) return RESPONSE_ALREADY_SENT;
  writeHead(outgoing, answer);
  outgoing.end(answer.body ?? undefined);
  return RESPONSE_ALREADY_SENT;
}

/** Announces the whole body, sends half of it and closes the connection. */
export function truncate(bindings: Bindings, answer: Answer): Response {
  const body = Buffer.from(answer.body ?? "");
  const half = body.subarray(0, Math.ceil(body.length / 2));
  const outgoing = bindings?.outgoing;
  if (!outgoing) return new Response(endingInError(half), { status: answer.status, headers: headersOf(answer) });
  if (outgoing.destroyed) return RESPONSE_ALREADY_SENT;
  writeHead(outgoing, answer);
  outgoing.write(half, () => outgoing.destroy());
  return RESPONSE_ALREADY_SENT;
}

/** Gives no answer: a reset (RST), a close (FIN), or silence until the held requests are released. */
export function dropConnection(
  bindings: Bindings,
  how: "reset" | "close" | "hang",
  held: HeldRequests,
): Response | Promise<Response> {
  const outgoing = bindings?.outgoing;
  if (!outgoing) {
    if (how !== "hang") return Response.error();
    return new Promise((resolve) => held.hold(() => resolve(Response.error())));
  }
  if (how === "hang")
    outgoing.once(
      "close",
      held.hold(() => outgoing.destroy()),
    );
  else if (how === "reset") outgoing.socket?.resetAndDestroy();
  else outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}

function writeHead(outgoing: ServerResponse, answer: Answer): void {
  outgoing.writeHead(answer.status, headersOf(answer));
}

function headersOf({ headers, body }: Answer): Record<string, string> {
  return body === null ? { ...headers } : { ...headers, "content-length": String(Buffer.byteLength(body)) };
}

/** The bytes arrive before the error: an error that comes too soon takes what is still on its way with it. */
function endingInError(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
    },
    async pull(controller) {
      for (let turn = 0; turn < turnsUntilRead; turn += 1) await setImmediate();
      controller.error(new TypeError("terminated"));
    },
  });
}

/** Turns of the event loop, after which msw has passed on what it was given. */
const turnsUntilRead = 20;
