import { createHmac } from "node:crypto";

import { Pool } from "undici";

import { answerText } from "./answer-text.ts";
import { appSecret, outletId, phoneNumberIdOf } from "./fixtures.ts";
import { parallel, type Sent } from "./sends.ts";
import { inParallel } from "./subject.ts";

const statuses = ["sent", "delivered", "read"] as const;
const pricing = { billable: false, pricing_model: "PMP", type: "free_customer_service", category: "service" };

interface Webhook {
  readonly body: string;
  readonly signature: string;
}

/** Sends a server the statuses of its messages, and returns how many updates per second it recorded. */
export async function updatesPerSecond(url: string, sent: readonly Sent[], updatesPerRequest: number): Promise<number> {
  const at = Math.floor(Date.now() / 1000);
  const waves = statuses.map((status, index) =>
    inGroups(sent, updatesPerRequest).map((group) => webhookOf(group, status, at + index)),
  );
  const pool = new Pool(url, { connections: parallel, allowH2: false });
  let applied = 0;
  const startedAt = performance.now();
  for (const webhooks of waves) {
    await inParallel(webhooks.length, parallel, async (index) => {
      const taken = await deliver(pool, webhooks[index] as Webhook);
      applied += taken;
    });
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await pool.close();
  const updates = sent.length * statuses.length;
  if (applied !== updates)
    throw new Error(`only ${applied} of ${updates} status updates were applied to known messages`);
  return updates / seconds;
}

async function deliver(pool: Pool, { body, signature }: Webhook): Promise<number> {
  const { status, text } = await answerText(pool, {
    method: "POST",
    path: "/webhooks/whatsapp",
    headers: ["content-type", "application/json", "x-hub-signature-256", signature],
    body,
  });
  if (status !== 200) throw new Error(`a webhook was answered with ${status}: ${text}`);
  return (JSON.parse(text) as { applied: number }).applied;
}

/** Meta's envelope (Cloud API, "Webhooks: status messages"), with a change for each message. */
function webhookOf(group: readonly Sent[], status: (typeof statuses)[number], at: number): Webhook {
  const changes = group.map(({ message_id, whatsapp_message_id }) => ({
    field: "messages",
    value: {
      messaging_product: "whatsapp",
      metadata: { display_phone_number: "628119990000", phone_number_id: phoneNumberIdOf(outletId(0)) },
      contacts: [{ profile: { name: "Bench User" }, wa_id: "628120000000", user_id: "ID.1234567890" }],
      statuses: [
        {
          id: whatsapp_message_id,
          status,
          timestamp: String(at),
          recipient_id: "628120000000",
          recipient_user_id: "ID.1234567890",
          biz_opaque_callback_data: `ms1:${message_id}:1`,
          ...(status !== "read" && { pricing }),
        },
      ],
    },
  }));
  const body = JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "102290129340398", changes }] });
  return { body, signature: `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}` };
}

function inGroups<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
