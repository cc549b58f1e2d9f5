import { signWebhook } from "@message-sender/emulator";
import { request } from "undici";
import { expect, it } from "vitest";

import { metaExamples } from "./published-examples.ts";
import { startService } from "../../support/running-service.ts";

const secret = "app-secret-of-the-test";
const examples = metaExamples("webhook-examples");

async function delivered(url: string, body: string, signedWith: string): Promise<number> {
  const answer = await request(`${url}/webhooks/whatsapp`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-hub-signature-256": signWebhook(body, signedWith) },
    body,
  });
  await answer.body.dump();
  return answer.statusCode;
}

it("Meta publishes 16 examples of a webhook", () => {
  expect(examples).toHaveLength(16);
});

it.each(examples)("$name is accepted if it is signed, and only then", async ({ raw }) => {
  const { url } = await startService({
    environment: { WHATSAPP_APP_SECRET: secret, WHATSAPP_VERIFY_TOKEN: "verify" },
  });
  expect(await delivered(url, raw, secret)).toBe(200);
  expect(await delivered(url, raw, "another secret")).toBe(401);
});
