import { type GraphMessage, signWebhook } from "@message-sender/emulator";
import fc from "fast-check";
import { request } from "undici";
import { expect, it } from "vitest";

import { isLongForm } from "../../support/long-form.ts";
import { order, startService, until } from "../../support/running-service.ts";

const secret = "app-secret-of-the-test";
const steps = ["sent", "delivered", "read"] as const;
type Step = (typeof steps)[number];

interface Webhook {
  readonly of: GraphMessage;
  readonly step: Step;
  /** Without callback data, so that only the id matches it. */
  readonly isBare: boolean;
  readonly isForged: boolean;
}

const secondsOf: Record<Step, number> = { sent: 1_763_719_201, delivered: 1_763_719_205, read: 1_763_719_209 };

/** In Meta's envelope. */
function bodyOf({ of, step, isBare }: Webhook): string {
  const status = {
    id: of.wamid,
    status: step,
    timestamp: String(secondsOf[step]),
    recipient_id: "628123456789",
    ...(!isBare && { biz_opaque_callback_data: of.callbackData }),
  };
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "15550001111", phone_number_id: of.phoneNumberId },
    statuses: [status],
  };
  return JSON.stringify({
    object: "whatsapp_business_account",
    entry: [{ id: "1", changes: [{ field: "messages", value }] }],
  });
}

/** The same order for the same seed. */
function shuffled<T>(items: T[], seed: number): T[] {
  const everyOrder = fc.shuffledSubarray(items, { minLength: items.length });
  return fc.sample(everyOrder, { seed, numRuns: 1 }).flat();
}

const messages = isLongForm ? 334 : 100;

it(`${3 * messages} status webhooks in any order, each three times, one in twenty forged, some before their send's answer`, async () => {
  const { sandbox, url, send, get } = await startService({
    environment: { WHATSAPP_APP_SECRET: `old-secret-of-before,${secret}`, WHATSAPP_VERIFY_TOKEN: "verify" },
  });
  // WhatsApp has accepted these, and their webhooks arrive before its answers.
  sandbox.faults.add({ target: "graph", trigger: { every: 3 }, effect: { acceptThenDelayMs: 4000 } });
  const sending = Array.from({ length: messages }, (_, index) => send({ ...order, reference: String(index) }));
  await until(() => sandbox.graph.messageCount === messages);

  const genuine = sandbox.graph.messages.flatMap((of, index) =>
    steps.map((step) => ({ of, step, isBare: index % 2 === 0, isForged: false })),
  );
  const thrice = [genuine, genuine, genuine].flat();
  const forged = thrice.filter((_, index) => index % 20 === 0).map((webhook) => ({ ...webhook, isForged: true }));
  const answers = new Map<string, number>();
  const left = shuffled([...thrice, ...forged], 17);
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      for (let webhook = left.pop(); webhook; webhook = left.pop()) {
        const body = bodyOf(webhook);
        const answer = await request(`${url}/webhooks/whatsapp`, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "x-hub-signature-256": signWebhook(body, webhook.isForged ? "another secret" : secret),
          },
          body,
        });
        await answer.body.dump();
        const name = `${webhook.isForged ? "forged" : "genuine"} ${answer.statusCode}`;
        answers.set(name, (answers.get(name) ?? 0) + 1);
      }
    }),
  );
  expect(Object.fromEntries(answers)).toEqual({ "genuine 200": 9 * messages, "forged 401": forged.length });

  const sent = await Promise.all(sending);
  expect(sent.map(({ status }) => status)).toEqual(sent.map(() => 200));
  for (const { body } of sent) {
    const path = `/api/v1/messages/${String(body["message_id"])}/status`;
    let status = (await get(path)).body;
    const deadline = performance.now() + 5000;
    // Parked statuses are applied a hundred at a time, so a message may be read before it is delivered.
    while (!(status["delivered_at"] && status["read_at"]) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      status = (await get(path)).body;
    }
    expect(status).toMatchObject({
      status: "read",
      delivered_at: new Date(secondsOf.delivered * 1000).toISOString(),
      read_at: new Date(secondsOf.read * 1000).toISOString(),
    });
  }
  expect(sandbox.graph.requestCount).toBe(messages);
});
