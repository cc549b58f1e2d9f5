import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { OracleEvent } from "./events.ts";
import { createLog } from "./log.ts";
import { createCallbacks } from "./oracle/callbacks.ts";
import { createOutcomes, type OutcomeName } from "./oracle/outcomes.ts";
import { createWebhooks } from "./oracle/webhooks.ts";
import { createRandom } from "./random.ts";

/** A message of the parent process. */
export type ToOracle =
  | { readonly order: OutcomeName; readonly count: number }
  | { readonly calmDown: true }
  | { readonly rotated: number };

/** A message to the parent process. After `refusing`, the oracle waits for `rotated` before it refuses the token. */
export type FromOracle =
  | { readonly url: string }
  | { readonly refusing: number; readonly phoneNumberId: string }
  | { readonly pendingWebhooks: number; readonly callbacks: number; readonly requests: number };

// A WhatsApp that records everything, in a process of its own and without any code of the server.
const [log = "", seed = "1", appSecret = "", target = "", callbackSecret = ""] = process.argv.slice(2);
const write = createLog<OracleEvent>(log);
const random = createRandom(Number(seed));
const outcomes = createOutcomes(random);
const webhooks = createWebhooks(random, write, { appSecret, target });
const callbacks = createCallbacks(createRandom(Number(seed) + 1), write, callbackSecret);
const rotations = new Map<number, () => void>();
let requests = 0;

const server = createServer((request, response) => {
  request.on("error", ignore);
  response.on("error", ignore);
  const isCallback = request.url === "/callbacks";
  bodyOf(request).then((body) => (isCallback ? callbacks.receive : handle)(request, response, body), ignore);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  tell({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
setInterval(() => tell({ pendingWebhooks: webhooks.pending, callbacks: callbacks.count, requests }), 250).unref();
process.on("disconnect", () => process.exit());
process.on("message", (told: ToOracle) => {
  if ("order" in told) outcomes.order(told.order, told.count);
  else if ("calmDown" in told) {
    outcomes.calmDown();
    callbacks.calmDown();
  } else rotations.get(told.rotated)?.();
});

async function handle(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
  const number = (requests += 1);
  const { biz_opaque_callback_data: callbackData = "" } = JSON.parse(body) as { biz_opaque_callback_data?: string };
  const phoneNumberId = request.url?.split("/")[2] ?? "";
  write({ kind: "request", request: number, callbackData });
  const outcome = outcomes.next();
  await pause(random.between(1, 15));
  switch (outcome.kind) {
    case "reset":
      write({ kind: "dropped", request: number });
      return void request.socket.resetAndDestroy();
    case "answer":
      if (outcome.code === 190) await rotated(number, phoneNumberId);
      write({ kind: "answered", request: number, status: outcome.status, ...code(outcome) });
      return respond(response, outcome.status, outcome.code === undefined ? "<html>" : graphError(outcome.code));
    case "accept, refuse": {
      const wamid = `wamid.crash${number}`;
      webhooks.report({ wamid, callbackData, phoneNumberId });
      write({ kind: "answered", request: number, status: outcome.status, code: outcome.code, wamid });
      return respond(response, outcome.status, graphError(outcome.code));
    }
    case "accept": {
      const wamid = `wamid.crash${number}`;
      if (outcome.reported !== false) webhooks.report({ wamid, callbackData, phoneNumberId });
      if (outcome.answer === "whole") {
        write({ kind: "answered", request: number, status: 200, wamid });
        return respond(response, 200, accepted(wamid));
      }
      write({ kind: "dropped", request: number, wamid });
      if (outcome.answer === "destroyed") request.socket.destroy();
    }
  }
}

/** Lets the outlet get a new token before the old one is refused. */
async function rotated(number: number, phoneNumberId: string): Promise<void> {
  tell({ refusing: number, phoneNumberId });
  await Promise.race([new Promise<void>((resolve) => rotations.set(number, resolve)), pause(500)]);
  rotations.delete(number);
}

function code(outcome: { readonly code?: number }): { code?: number } {
  return outcome.code === undefined ? {} : { code: outcome.code };
}

function accepted(wamid: string): string {
  const contacts = [{ input: "+628123456789", wa_id: "628123456789" }];
  return JSON.stringify({ messaging_product: "whatsapp", contacts, messages: [{ id: wamid }] });
}

function graphError(errorCode: number): string {
  return JSON.stringify({ error: { code: errorCode, message: `(#${errorCode})`, type: "OAuthException" } });
}

function respond(response: ServerResponse, status: number, text: string): void {
  const type = text.startsWith("{") ? "application/json" : "text/html";
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) }).end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** An incomplete request has no effect. */
function ignore(): void {}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function tell(message: FromOracle): void {
  if (process.connected) process.send?.(message);
}
