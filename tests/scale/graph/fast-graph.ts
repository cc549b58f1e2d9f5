import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { type Arrival, arrivalOf, type Between, type SendBody } from "./arrival.ts";
import { certainlySince } from "./judge.ts";
import type { Recorded } from "./recorded.ts";
import { createTurns } from "./turns.ts";

export interface FastGraph extends Recorded {
  readonly url: string;
}

const secondMs = 1000;
const answerMs = { from: 40, to: 70 };

/**
 * A WhatsApp that does one thing, so that it is never what a run waits for: it accepts messages up to the limit of their number. It refuses
 * only what is certainly beyond that, so what it refuses was sent too fast.
 */
export async function startFastGraph(limitPerSecond: number): Promise<FastGraph> {
  let arrivals: Arrival[] = [];
  /** When each number sent the messages that count. */
  const recent = new Map<string, Between[]>();
  const messages = new Set<string>();
  const turns = createTurns();
  /** When the connections came whose first requests have not. */
  const fresh = new WeakMap<object, number>();
  let wamids = 0;

  function accepts(number: string, arrived: Between): boolean {
    const since = arrived.atMs - secondMs;
    const times = recent.get(number) ?? [];
    while (times[0] !== undefined && times[0].atMs <= since) times.shift();
    recent.set(number, times);
    if (certainlySince(times, since) >= limitPerSecond) return false;
    times.push(arrived);
    return true;
  }

  function arrivedOn(socket: object): Between {
    const earliestMs = fresh.get(socket) ?? turns.earliestMs();
    fresh.delete(socket);
    return { earliestMs, atMs: performance.now() };
  }

  function answer(request: IncomingMessage, response: ServerResponse, text: string): void {
    const arrived = arrivedOn(request.socket);
    if (request.method === "GET") return respond(response, 200, {});
    const number = request.url?.split("/")[2] ?? "";
    const body = JSON.parse(text) as SendBody;
    const accepted = accepts(number, arrived);
    const arrival = arrivalOf(arrived, number, body, accepted);
    arrivals.push(arrival);
    if (accepted) messages.add(arrival.messageId);
    const delayMs = answerMs.from + Math.random() * (answerMs.to - answerMs.from);
    setTimeout(() => respond(response, ...(accepted ? acceptedAnswer(body, (wamids += 1)) : refusedAnswer)), delayMs);
  }

  const server = createServer((request, response) => {
    let text = "";
    request.on("error", () => {});
    request.on("data", (chunk) => (text += String(chunk)));
    request.on("end", () => answer(request, response, text));
  });
  server.on("connection", (socket) => fresh.set(socket, turns.earliestOfConnectionMs()));
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 1024, resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get arrivals() {
      return arrivals;
    },
    get accepted() {
      return messages.size;
    },
    timeOriginMs: performance.timeOrigin,
    clear() {
      arrivals = [];
      messages.clear();
    },
  };
}

function acceptedAnswer({ to = "" }: SendBody, number: number): [number, object] {
  const contacts = [{ input: to, wa_id: to.replace("+", "") }];
  return [200, { messaging_product: "whatsapp", contacts, messages: [{ id: `wamid.scale${number}` }] }];
}

const refusedAnswer: [number, object] = [
  400,
  { error: { message: "(#130429) Rate limit hit", type: "OAuthException", code: 130429, fbtrace_id: "scale" } },
];

function respond(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}
