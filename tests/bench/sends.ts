import { Pool } from "undici";

import { answerText } from "./answer-text.ts";
import { outletId } from "./fixtures.ts";
import { inParallel } from "./subject.ts";

export const parallel = 64;

/** A message that WhatsApp has accepted. */
export interface Sent {
  readonly message_id: string;
  readonly whatsapp_message_id: string;
}

/** Clients of a server, on connections that stay open. */
export interface Clients {
  /** Makes the server send messages, each in another conversation. */
  send(count: number): Promise<readonly Sent[]>;
  close(): Promise<void>;
}

export function connect(url: string, apiKey?: string): Clients {
  const pool = new Pool(url, { connections: parallel, allowH2: false });
  return {
    async send(count) {
      const sent: Sent[] = [];
      await inParallel(count, parallel, async (index) => {
        sent.push(await send(pool, sendBody(index, "Hello! Your order is ready."), apiKey));
      });
      return sent;
    },
    close: () => pool.close(),
  };
}

/** Makes a server send messages, each in another conversation. */
export async function sendMessages(url: string, count: number, apiKey?: string): Promise<readonly Sent[]> {
  const clients = connect(url, apiKey);
  const sent = await clients.send(count);
  await clients.close();
  return sent;
}

export async function send(pool: Pool, body: string, apiKey?: string): Promise<Sent> {
  const { status, text } = await answerText(pool, {
    method: "POST",
    path: "/api/v1/messages/send",
    headers: [
      "content-type",
      "application/json",
      ...(apiKey === undefined ? [] : ["authorization", `Bearer ${apiKey}`]),
    ],
    body,
  });
  if (status !== 200) throw new Error(`a send was answered with ${status}: ${text}`);
  return JSON.parse(text) as Sent;
}

export function sendBody(number: number, message: string, outlet = 0): string {
  return JSON.stringify({
    tenant_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a01",
    outlet_id: outletId(outlet),
    conversation_id: `0b9d4a3e-6c1f-4f0a-9d53-${String(number).padStart(12, "0")}`,
    to: `+62812${String(number).padStart(7, "0")}`,
    message,
    message_type: "text",
  });
}
