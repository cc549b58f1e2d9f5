import { createHmac } from "node:crypto";
import { request } from "node:http";

import type { OracleEvent, ProviderStatus } from "../events.ts";
import type { createLog } from "../log.ts";
import type { Random } from "../random.ts";

export interface AcceptedMessage {
  readonly wamid: string;
  readonly callbackData: string;
  readonly phoneNumberId: string;
}

const courses: readonly (readonly ProviderStatus[])[] = [
  ["sent", "delivered", "read"],
  ["sent", "delivered", "read"],
  ["sent", "delivered"],
  ["sent", "delivered"],
  ["delivered", "read"],
  ["sent"],
  ["sent", "failed"],
  ["failed"],
];

/** Reports accepted messages late, in random order and partly twice. Retries each webhook until it is answered with 200. */
export function createWebhooks(
  random: Random,
  write: ReturnType<typeof createLog<OracleEvent>>,
  { appSecret, target }: { appSecret: string; target: string },
) {
  let pending = 0;

  function report(message: AcceptedMessage): void {
    if (random.chance(0.08)) return;
    for (const status of random.shuffled(random.pick(courses))) {
      const body = payload(message, status);
      for (let copy = 0; copy < (random.chance(0.15) ? 2 : 1); copy += 1) {
        pending += 1;
        setTimeout(() => void deliver(message, status, body), random.between(10, 900));
      }
    }
  }

  async function deliver(message: AcceptedMessage, status: ProviderStatus, body: string): Promise<void> {
    const answered = await post(target, body, appSecret);
    write({ kind: "webhook", callbackData: message.callbackData, wamid: message.wamid, status, answered });
    if (answered === 200) pending -= 1;
    else setTimeout(() => void deliver(message, status, body), random.between(100, 400));
  }

  return {
    report,
    get pending() {
      return pending;
    },
  };
}

/** Meta's envelope around one status. */
function payload({ wamid, callbackData, phoneNumberId }: AcceptedMessage, status: ProviderStatus): string {
  const update = {
    id: wamid,
    status,
    timestamp: String(Math.floor(Date.now() / 1000)),
    recipient_id: "628123456789",
    biz_opaque_callback_data: callbackData,
    ...(status === "failed" && {
      errors: [{ code: 131026, title: "Message undeliverable", error_data: { details: "No such user." } }],
    }),
  };
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "15550783881", phone_number_id: phoneNumberId },
    statuses: [update],
  };
  return JSON.stringify({
    object: "whatsapp_business_account",
    entry: [{ id: "102290129340398", changes: [{ value, field: "messages" }] }],
  });
}

/** The HTTP status of the answer. 0 if there was none. */
function post(url: string, body: string, appSecret: string): Promise<number> {
  const signature = `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
  return new Promise((resolve) => {
    const call = request(
      url,
      { method: "POST", headers: { "content-type": "application/json", "x-hub-signature-256": signature } },
      (answer) => {
        answer.on("close", () => resolve(answer.complete ? (answer.statusCode ?? 0) : 0));
        answer.on("error", () => resolve(0));
        answer.resume();
      },
    );
    call.setTimeout(5000, () => call.destroy());
    call.on("error", () => resolve(0));
    call.end(body);
  });
}
