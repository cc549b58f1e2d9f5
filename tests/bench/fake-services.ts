import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { bodyOf } from "./body-of.ts";
import { phoneNumberIdOf } from "./fixtures.ts";
import type { Services } from "./subject.ts";

// WhatsApp, a Tenant Service and a Conversation Service that cost nearly nothing, so that they do not affect the measurement.

function json(response: ServerResponse, status: number, body: Buffer | string): void {
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}

let reservations = 0;
const hourMs = 3_600_000;

async function answerTenant(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const outlet = /([^/]+)\/waba$/.exec(request.url ?? "")?.[1];
  if (outlet !== undefined) {
    const credentials = { waba_access_token: "EAAbench", phone_number_id: phoneNumberIdOf(outlet) };
    return json(response, 200, JSON.stringify(credentials));
  }
  if (request.url?.endsWith("/settle")) return void response.writeHead(204).end();
  // No tenant has a receiver of status callbacks.
  if (request.url?.endsWith("/callbacks")) return void response.writeHead(404).end();
  // The console asks how a quota stands.
  if (request.method === "GET")
    return json(response, 200, JSON.stringify({ limit: 1_000_000_000, used: reservations }));
  const { amount } = JSON.parse(body) as { amount: number };
  const reservation_id = `reservation-${(reservations += 1)}`;
  const expires_at = new Date(Date.now() + hourMs).toISOString();
  json(response, 201, JSON.stringify({ reservation_id, granted: amount, expires_at }));
}

async function answerConversation(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  if (!request.url?.endsWith("/batch")) return json(response, 201, "{}");
  const { messages } = JSON.parse(body) as { messages: { message_id: string }[] };
  json(response, 207, JSON.stringify({ results: messages.map(({ message_id }) => ({ message_id, status: 201 })) }));
}

let accepted = 0;

/** Each message has an id of its own, and goes to the number that it names. */
function accept(response: ServerResponse, to: string): void {
  const id = `wamid.HBgNNjI4MTIzNDU2Nzg5FQIAERgSOUUz${String((accepted += 1)).padStart(16, "0")}AA==`;
  const contacts = [{ input: to, wa_id: to.replace("+", "") }];
  json(response, 200, JSON.stringify({ messaging_product: "whatsapp", contacts, messages: [{ id }] }));
}

async function answerGraph(request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A question about a number or its templates.
  if (request.method === "GET") return json(response, 200, "{}");
  accept(response, await recipientOf(request));
}

const held: (() => void)[] = [];
let isHolding = true;

async function holdGraph(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const to = await recipientOf(request);
  if (isHolding) held.push(() => accept(response, to));
  else accept(response, to);
}

async function recipientOf(request: IncomingMessage): Promise<string> {
  return (JSON.parse(await bodyOf(request)) as { to: string }).to;
}

function control(command: "hold" | "held" | "release" | "accepted"): void {
  if (command === "accepted") return void process.send?.(accepted);
  if (command !== "held") isHolding = command === "hold";
  if (command === "release") for (const answer of held.splice(0)) answer();
  process.send?.(held.length);
}

function listen(answer: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer((request, response) => void answer(request, response));
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

process.once("disconnect", () => process.exit());
process.on("message", control);
const services: Services = {
  graphUrl: await listen(answerGraph),
  holdingGraphUrl: await listen(holdGraph),
  tenantUrl: await listen(answerTenant),
  conversationUrl: await listen(answerConversation),
};
process.send?.(services);
