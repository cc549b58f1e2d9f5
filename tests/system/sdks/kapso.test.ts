import { WhatsAppClient } from "@kapso/whatsapp-cloud-api";
import { normalizeWebhook, verifySignature } from "@kapso/whatsapp-cloud-api/server";
import { startSandbox } from "@message-sender/emulator";
import { expect, onTestFinished, test } from "vitest";

import { appSecret, openBot, verifyToken } from "./bot-endpoint.ts";

const phoneNumberId = "106540352242922";
const businessAccountId = "102290129340398";
const to = "628123456789";
const person = { phoneNumberId, to };

async function open() {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return { sandbox, client: new WhatsAppClient({ accessToken: "any-token", baseUrl: sandbox.graphUrl }) };
}

test("@kapso/whatsapp-cloud-api: sends every type, with a file that was uploaded", async () => {
  const { sandbox, client } = await open();
  const { messages } = client;
  const file = new Blob(["a picture"], { type: "image/png" });
  const media = await client.media.upload({ phoneNumberId, type: "image/png", file, fileName: "a.png" });
  const { message } = await sandbox.customer(to).says("Hi");
  const bodyText = "Which one?";
  const example = "https://example.com";
  const sent = [
    await messages.sendText({ ...person, body: "Hello!", previewUrl: true }),
    await messages.sendImage({ ...person, image: { id: media.id, caption: "The menu" } }),
    await messages.sendVideo({ ...person, video: { link: `${example}/a.mp4` } }),
    await messages.sendAudio({ ...person, audio: { link: `${example}/a.ogg` } }),
    await messages.sendDocument({ ...person, document: { link: `${example}/a.pdf`, filename: "a.pdf" } }),
    await messages.sendSticker({ ...person, sticker: { link: `${example}/a.webp` } }),
    await messages.sendLocation({ ...person, location: { latitude: -6.2, longitude: 106.8, name: "Office" } }),
    await messages.sendContacts({ ...person, contacts: [{ name: { formattedName: "Ana", firstName: "Ana" } }] }),
    await messages.sendReaction({ ...person, reaction: { messageId: message?.id ?? "", emoji: "👍" } }),
    await messages.sendTemplate({
      ...person,
      template: {
        name: "order_ready",
        language: { code: "en_US" },
        components: [{ type: "body", parameters: [{ type: "text", text: "17" }] }],
      },
    }),
    await messages.sendInteractiveButtons({ ...person, bodyText, buttons: [{ id: "yes", title: "Yes" }] }),
    await messages.sendInteractiveList({
      ...person,
      bodyText,
      buttonText: "Choose",
      sections: [{ title: "All", rows: [{ id: "one", title: "One" }] }],
    }),
    await messages.sendInteractiveCtaUrl({ ...person, bodyText, parameters: { displayText: "Open", url: example } }),
    await messages.sendInteractiveCatalogMessage({
      ...person,
      bodyText,
      parameters: { thumbnailProductRetailerId: "sku" },
    }),
    await messages.sendInteractiveProduct({ ...person, bodyText, catalogId: "1", productRetailerId: "sku" }),
    await messages.sendInteractiveLocationRequest({ ...person, bodyText, parameters: { requestMessage: bodyText } }),
    await messages.sendInteractiveFlow({
      ...person,
      bodyText,
      parameters: { flowId: "123", flowCta: "Open", flowToken: "t", mode: "draft" },
    } as never),
    await messages.sendInteractiveCarousel({
      ...person,
      bodyText,
      cards: [0, 1].map((cardIndex) => ({
        cardIndex,
        header: { type: "image" as const, image: { id: media.id } },
        bodyText: "A card",
        action: { type: "cta_url" as const, displayText: "Open", url: example },
      })),
    }),
  ];
  for (const { messages: accepted } of sent) expect(accepted[0]?.id).toMatch(/^wamid\./);
  expect(await sandbox.messages({ to, direction: "out" })).toHaveLength(sent.length);
});

test("@kapso/whatsapp-cloud-api: receives a picture by a signed webhook, downloads it and answers", async () => {
  const { sandbox, client } = await open();
  const downloaded: string[] = [];
  await openBot(sandbox, {
    consent: (query) => (query["hub.verify_token"] === verifyToken ? (query["hub.challenge"] ?? "") : "no"),
    async receive({ headers, body }) {
      const signatureHeader = headers["x-hub-signature-256"] as string;
      if (!verifySignature({ appSecret, rawBody: body, signatureHeader })) throw new Error("not signed");
      const [message] = normalizeWebhook(JSON.parse(body)).messages;
      if (message?.type !== "image") return;
      await client.messages.markRead({ phoneNumberId, messageId: message.id });
      // A host that is none of Meta's gets no token by itself.
      const image = await client.media.download({ mediaId: message.image?.id ?? "", auth: "always" });
      downloaded.push(Buffer.from(image as ArrayBuffer).toString());
      await client.messages.sendText({ phoneNumberId, to: message.from ?? "", body: "A fine picture!" });
    },
  });
  const data = Buffer.from("the bytes of a picture").toString("base64");
  await sandbox.customer(to).sendsFile("image", { data, mimeType: "image/jpeg" });
  await sandbox.waitForMessage({ to, text: "A fine picture!" });
  expect(downloaded).toEqual(["the bytes of a picture"]);
  expect(await sandbox.waitForWebhook({ kind: "message" })).toMatchObject({ responseStatus: 200 });
});

test("@kapso/whatsapp-cloud-api: manages templates, numbers, flows and files", async () => {
  const { client } = await open();
  const components = [{ type: "BODY", text: "It is ready." }];
  const template = { businessAccountId, name: "order_ready", language: "en_US", category: "UTILITY", components };
  await client.templates.create(template);
  expect(await client.templates.list({ businessAccountId })).toMatchObject({
    data: [{ name: "order_ready", status: "APPROVED" }],
  });
  await client.templates.delete({ businessAccountId, name: "order_ready" });
  expect(await client.phoneNumbers.register({ phoneNumberId, pin: "123456" })).toMatchObject({ success: true });
  await client.phoneNumbers.businessProfile.update({ phoneNumberId, about: "Coffee" });
  expect(await client.phoneNumbers.businessProfile.get({ phoneNumberId })).toMatchObject({
    data: [{ about: "Coffee" }],
  });
  expect(await client.phoneNumbers.settings.get({ phoneNumberId })).toHaveProperty("calling");
  const screens = [{ id: "ONE", terminal: true, layout: { type: "SingleColumnLayout", children: [] } }];
  const flow = await client.flows.deploy(
    { version: "7.2", screens },
    { wabaId: businessAccountId, name: "f", publish: true },
  );
  expect(flow).toHaveProperty("flowId");
  const file = new Blob(["a picture"], { type: "image/png" });
  const media = await client.media.upload({ phoneNumberId, type: "image/png", file });
  expect(await client.media.delete({ mediaId: media.id })).toMatchObject({ success: true });
});
