import { startSandbox } from "@message-sender/emulator";
import { setupServer } from "msw/node";
import { expect, onTestFinished, test } from "vitest";
import { WhatsAppAPI } from "whatsapp-api-js";
import {
  ActionButtons,
  ActionCTA,
  ActionList,
  Audio,
  Body,
  BodyComponent,
  BodyParameter,
  Button,
  Contacts,
  Document,
  Image,
  Interactive,
  Language,
  ListSection,
  Location,
  Name,
  Reaction,
  Row,
  Sticker,
  Template,
  Text,
  Video,
} from "whatsapp-api-js/messages";

import { appSecret, openBot, verifyToken } from "./bot-endpoint.ts";

const number = "106540352242922";
const phone = "628123456789";
const recipient = { phone, bsuid: "" };

/** This SDK only knows Meta's own host, so that msw leads it to the sandbox: nothing of the bot changes. */
async function open() {
  const sandbox = await startSandbox();
  const server = setupServer(...sandbox.handlers);
  server.listen({ onUnhandledFrame: "error" });
  onTestFinished(async () => {
    server.close();
    await sandbox.close();
  });
  return {
    sandbox,
    bot: new WhatsAppAPI({ token: "any-token", appSecret, webhookVerifyToken: verifyToken, v: "v25.0" }),
  };
}

test("whatsapp-api-js: sends every type, with a file that was uploaded", async () => {
  const { sandbox, bot } = await open();
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("file", new File(["a picture"], "a.png", { type: "image/png" }));
  const media = (await bot.uploadMedia(number, form)) as { id: string };
  const { message } = await sandbox.customer(phone).says("Hi");
  const example = "https://example.com";
  const body = new Body("Which one?");
  const all = [
    new Text("Hello!", true),
    new Image(media.id, true, "The menu"),
    new Video(`${example}/a.mp4`, false),
    new Audio(`${example}/a.ogg`, false),
    new Document(`${example}/a.pdf`, false, undefined, "a.pdf"),
    new Sticker(`${example}/a.webp`, false),
    new Location(106.8, -6.2, "Office", "Street 1"),
    new Contacts([new Name("Ana", "Ana")]),
    new Reaction(message?.id ?? "", "👍"),
    new Template("order_ready", new Language("en_US"), new BodyComponent(new BodyParameter("17"))),
    new Interactive(new ActionButtons(new Button("yes", "Yes"), new Button("no", "No")), body),
    new Interactive(new ActionList("Choose", new ListSection(undefined, new Row("one", "One"))), body),
    new Interactive(new ActionCTA("Open", example), body),
  ];
  for (const one of all) {
    const sent = await bot.sendMessage(number, recipient, one);
    expect(sent, JSON.stringify(one)).toMatchObject({ messages: [{ id: expect.stringMatching(/^wamid\./) }] });
  }
  expect(await sandbox.messages({ to: phone, direction: "out" })).toHaveLength(all.length);
});

test("whatsapp-api-js: receives a picture by a signed webhook, downloads it and answers", async () => {
  const { sandbox, bot } = await open();
  const downloaded: string[] = [];
  bot.on.message = async ({ message, phoneID, from }) => {
    if (message.type !== "image") return;
    await bot.markAsRead(phoneID, message.id);
    const { url } = (await bot.retrieveMedia(message.image.id)) as { url: string };
    downloaded.push(await (await bot.fetchMedia(url)).text());
    await bot.sendMessage(phoneID, from as never, new Text("A fine picture!"));
  };
  await openBot(sandbox, {
    consent: (query) => bot.get(query as never),
    async receive({ headers, body }) {
      await bot.post(JSON.parse(body) as never, body, headers["x-hub-signature-256"] as string);
    },
  });
  const data = Buffer.from("the bytes of a picture").toString("base64");
  await sandbox.customer(phone).sendsFile("image", { data, mimeType: "image/jpeg" });
  await sandbox.waitForMessage({ to: phone, text: "A fine picture!" });
  expect(downloaded).toEqual(["the bytes of a picture"]);
});

test("whatsapp-api-js: QR codes, blocked users and files", async () => {
  const { bot } = await open();
  const { code } = (await bot.createQR(number, "Hi!")) as { code: string };
  expect(await bot.retrieveQR(number)).toMatchObject({ data: [{ code }] });
  expect(await bot.updateQR(number, code, "Hello!")).toMatchObject({ prefilled_message: "Hello!" });
  expect(await bot.deleteQR(number, code)).toEqual({ success: true });
  expect(await bot.blockUser(number, phone)).toMatchObject({ block_users: { added_users: [{ wa_id: phone }] } });
  expect(await bot.unblockUser(number, phone)).toMatchObject({ block_users: { removed_users: [{ wa_id: phone }] } });
});
