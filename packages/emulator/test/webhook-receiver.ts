import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { onTestFinished } from "vitest";

export const appSecret = "s3cret/ä";

export interface Change {
  readonly field: string;
  readonly value: Readonly<Record<string, unknown>> & {
    readonly metadata: object;
    readonly statuses?: readonly { readonly id: string; readonly status: string; readonly [more: string]: unknown }[];
  };
}

export interface ReceivedWebhook {
  /** By `performance.now`. */
  readonly at: number;
  readonly headers: IncomingHttpHeaders;
  /** The body, one character a byte. */
  readonly raw: string;
  /** Whether the signature is that of the bytes as they arrived. */
  readonly signed: boolean;
  readonly wabaId: string;
  readonly change: Change;
}

interface Payload {
  readonly entry: readonly [{ readonly id: string; readonly changes: readonly [Change] }];
}

type Respond = (response: ServerResponse, count: number) => void;

/** A server that consents to be a callback URL, and receives webhooks until the test ends. `respond` may leave a webhook unanswered; default: 200. */
export async function openWebhookReceiver(respond: Respond = (response) => response.end()) {
  const received: ReceivedWebhook[] = [];
  const server = createServer(async (request, response) => {
    const challenge = new URL(request.url ?? "/", "http://localhost").searchParams.get("hub.challenge");
    if (challenge !== null) return void response.end(challenge);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const expected = `sha256=${createHmac("sha256", appSecret).update(bytes).digest("hex")}`;
    const [{ id: wabaId, changes }] = (JSON.parse(bytes.toString()) as Payload).entry;
    received.push({
      at: performance.now(),
      headers: request.headers,
      raw: bytes.toString("latin1"),
      signed: request.headers["x-hub-signature-256"] === expected,
      wabaId,
      change: changes[0],
    });
    respond(response, received.length);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/whatsapp`,
    received,
    /** The first status of each webhook. */
    statuses: () => received.map(({ change }) => change.value.statuses?.[0]?.status ?? "none"),
  };
}
