import { signWebhook } from "@message-sender/emulator";
import { request } from "undici";
import { beforeEach, expect, it } from "vitest";

import { order, type RunningService, startService } from "../../support/running-service.ts";

const secret = "app-secret-of-the-test";
const [wroteAt, closedAt, stoppedAt] = ["2025-11-20T10:00:00Z", "2025-11-21T10:00:00Z", "2025-11-19T08:30:00Z"];
const from = order.to.slice(1);
const secondsOf = (time: string) => Date.parse(time) / 1000;

let service: RunningService;
/** The number that the outlet sends from. */
let phoneNumberId: string;
/** The first message as WhatsApp received it. */
let wamid: string;
let messageId: string;

beforeEach(async () => {
  service = await startService({
    environment: { WHATSAPP_APP_SECRET: secret, WHATSAPP_VERIFY_TOKEN: "verify" },
  });
  messageId = String((await service.send()).body["message_id"]);
  [{ phoneNumberId = "", wamid = "" } = {}] = service.sandbox.graph.messages;
});

/** Sends the server a signed webhook. */
async function tell(field: string, told: object): Promise<void> {
  const metadata = { display_phone_number: "15550001111", phone_number_id: phoneNumberId };
  const value = { messaging_product: "whatsapp", metadata, ...told };
  const body = JSON.stringify({
    object: "whatsapp_business_account",
    entry: [{ id: "1", changes: [{ field, value }] }],
  });
  const answer = await request(`${service.url}/webhooks/whatsapp`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-hub-signature-256": signWebhook(body, secret) },
    body,
  });
  await answer.body.dump();
  expect(answer.statusCode).toBe(200);
}

const theyWrote = () =>
  tell("messages", {
    contacts: [{ profile: { name: "Sheena" }, wa_id: from }],
    messages: [
      {
        from,
        from_user_id: "ID.13491208655302741918",
        id: "wamid.in",
        timestamp: String(secondsOf(wroteAt)),
        type: "text",
        text: { body: "Is my parcel at the purple door?" },
      },
    ],
  });
const theyStopped = () =>
  tell("user_preferences", {
    user_preferences: [{ wa_id: from, category: "marketing_messages", value: "stop", timestamp: secondsOf(stoppedAt) }],
  });
const statusOf = async (id: unknown) => (await service.get(`/api/v1/messages/${String(id)}/status`)).body;

const closed = `Send a template. This recipient last wrote at ${wroteAt}, so the window closed at ${closedAt}.`;

it.each([
  ["a phone number", order.to],
  ["a business-scoped user id", "ID.13491208655302741918"],
])("a refusal because of the closed window says when it closed for %s", async (_, to) => {
  await theyWrote();
  service.sandbox.faults.add({ target: "graph", effect: { graphError: 131047 } });
  const refused = await service.send({ ...order, to });
  expect(refused).toMatchObject({ status: 422, body: { detail: expect.stringContaining(closed) as string } });
  const failure = { code: 131047, advice: expect.stringContaining(closed) as string };
  const id = refused.body["message_id"];
  expect(await statusOf(id)).toMatchObject({ status: "failed", failure });
  const attempts = [{ reason: expect.stringContaining(closed) as string }];
  expect((await service.get(`/api/v1/messages/${String(id)}`)).body).toMatchObject({ failure, attempts });
});

it("a refusal says that no message of the recipient is known, or since when marketing is stopped", async () => {
  const fault = service.sandbox.faults.add({ target: "graph", effect: { graphError: 131047 } });
  const { body } = await service.send();
  expect(body["detail"]).toMatch(
    / No message from this recipient has been received under this number or id; WhatsApp may know them by another\.$/,
  );
  fault.remove();
  await theyStopped();
  service.sandbox.faults.add({ target: "graph", effect: { graphError: 131050 } });
  expect((await service.send()).body["detail"]).toMatch(/ They stopped it at 2025-11-19T08:30:00Z\.$/);
});

it("a failure in a webhook says so too, and the log does not name the recipient", async () => {
  await theyWrote();
  const status = { id: wamid, status: "failed", timestamp: String(secondsOf(closedAt) + 1), recipient_id: from };
  const errors = [{ code: 131047, title: "Re-engagement message" }];
  await tell("messages", { statuses: [{ ...status, errors }] });
  const failure = { code: 131047, advice: expect.stringContaining(closed) as string };
  expect(await statusOf(messageId)).toMatchObject({ status: "failed", failure });
  expect(service.log.join("\n")).not.toMatch(/purple door|628123456789|1349120/);
});
