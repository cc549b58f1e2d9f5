import Client from "@great-detail/whatsapp";
import { startSandbox } from "@message-sender/emulator";
import { expect, onTestFinished, test } from "vitest";

import { appSecret, type Delivery, openBot, verifyToken } from "./bot-endpoint.ts";
import { everyMessage } from "./messages.ts";

const phoneNumberID = "106540352242922";
const businessAccountID = "102290129340398";
const to = "628123456789";
const headers = { Authorization: "Bearer any-token" };

async function open() {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const sdk = new Client({
    baseUrl: sandbox.graphUrl,
    request: { headers, retry: 0 },
  });
  return { sandbox, sdk };
}

test("@great-detail/whatsapp: sends every type, with a file that was uploaded", async () => {
  const { sandbox, sdk } = await open();
  const file = new Blob(["a picture"], { type: "image/png" });
  const media = await sdk.media.upload({ phoneNumberID, file, mimeType: "image/png", filename: "a.png" }).json();
  const { message } = await sandbox.customer(to).says("Hi");
  const all = everyMessage(media.id, message?.id ?? "");
  for (const one of all) {
    const sent = await sdk.message.createMessage({ phoneNumberID, to, ...one } as never).json();
    expect(sent.messages[0]?.id, JSON.stringify(one)).toMatch(/^wamid\./);
  }
  expect((await sandbox.messages({ to, direction: "out" })).map(({ type }) => type)).toEqual(
    all.map(({ type }) => type),
  );
});

test("@great-detail/whatsapp: receives a picture by a signed webhook, downloads it and answers", async () => {
  const { sandbox, sdk } = await open();
  const downloaded: string[] = [];
  const asRequest = (method: string, { headers: received, body }: Delivery, query = {}) => ({
    method,
    query,
    body,
    headers: received as Record<string, string>,
  });
  await openBot(sandbox, {
    async consent(query) {
      const registration = await sdk.webhook.register(asRequest("GET", { headers: {}, body: "" }, query));
      if (registration.verifyToken !== verifyToken) throw new Error(registration.reject() as never);
      return registration.accept();
    },
    async receive(delivery) {
      const event = await sdk.webhook.eventNotification(asRequest("POST", delivery));
      await event.verifySignature(appSecret);
      const [message] = (JSON.parse(delivery.body) as Notification).entry[0].changes[0].value.messages ?? [];
      if (message?.type !== "image") return;
      await sdk.message.createStatus({ phoneNumberID, message_id: message.id, status: "read" });
      const { url } = await sdk.media.getURL({ mediaID: message.image.id }).json();
      downloaded.push(await sdk.media.download({ mediaURL: url, request: { headers } }).text());
      const text = { body: "A fine picture!" };
      await sdk.message.createMessage({ phoneNumberID, to: message.from, type: "text", text } as never);
    },
  });
  const data = Buffer.from("the bytes of a picture").toString("base64");
  await sandbox.customer(to).sendsFile("image", { data, mimeType: "image/jpeg" });
  await sandbox.waitForMessage({ to, text: "A fine picture!" });
  expect(downloaded).toEqual(["the bytes of a picture"]);
  expect(await sandbox.waitForWebhook({ kind: "message" })).toMatchObject({ responseStatus: 200 });
  expect(sandbox.graph.receipts).toHaveLength(1);
});

test("@great-detail/whatsapp: manages numbers, profiles, templates and subscriptions", async () => {
  const { sdk } = await open();
  await sdk.businessProfile.updateBusinessProfile({
    phoneNumberID,
    about: "Coffee",
    messaging_product: "whatsapp",
  } as never);
  const profile = sdk.businessProfile.getBusinessProfile({ phoneNumberID, fields: ["about"] } as never);
  expect(await profile.json()).toMatchObject({ data: [{ about: "Coffee" }] });
  expect(await sdk.phoneNumbers.getPhoneNumber({ phoneNumberID }).json()).toMatchObject({ id: phoneNumberID });
  expect(await sdk.phoneNumbers.listPhoneNumbers({ businessAccountID }).json()).toHaveProperty("data");
  const components = [{ type: "BODY", text: "It is ready." }];
  const template = { name: "order_ready", language: "en_US", category: "UTILITY", components };
  const { id } = await sdk.template.create(businessAccountID, template as never).json();
  expect(await sdk.template.list(businessAccountID, {}).json()).toMatchObject({ data: [{ name: "order_ready" }] });
  expect(await sdk.template.get(id, {}).json()).toMatchObject({ status: "APPROVED" });
  await sdk.template.delete(businessAccountID, { name: "order_ready" } as never);
  expect(await sdk.subscribedApps.createSubscription({ businessAccountID }).json()).toEqual({ success: true });
  expect(await sdk.subscribedApps.listSubscriptions({ businessAccountID }).json()).toMatchObject({ data: [{}] });
  const prompts = { prompts: ["Where is my order?"], commands: [] };
  const saved = sdk.conversationalAutomation.setConversationalAutomation({ phoneNumberID, ...prompts });
  expect(await saved.json()).toEqual({ success: true });
});

interface Notification {
  readonly entry: readonly [
    {
      readonly changes: readonly [
        {
          readonly value: {
            readonly messages?: readonly {
              readonly id: string;
              readonly from: string;
              readonly type: string;
              readonly image: { readonly id: string };
            }[];
          };
        },
      ];
    },
  ];
}
