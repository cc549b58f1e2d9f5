import { describe, expect, it } from "vitest";

import { order, useAbusedServer } from "./abused-server.ts";
import {
  controlCharacters,
  invisibleTexts,
  refusedLinks,
  templateNames,
  templateParameters,
  unusualTexts,
} from "./inputs/contents.ts";
import { titleOf } from "./rows.ts";

const server = useAbusedServer();
const refuse = (changes: Readonly<Record<string, unknown>>) =>
  server.expectRefusal({ body: JSON.stringify({ ...order, ...changes }) }, 400);

const button = { type: "reply", reply: { id: "a", title: "Yes" } };
const interactive = (body: string) => ({
  message_type: "interactive",
  message: { type: "button", body: { text: body }, action: { buttons: [button] } },
});

describe(titleOf("send: characters"), () => {
  it.each(Object.entries(controlCharacters))("%s", async (_, character) => {
    const text = `Hello${character}Budi`;
    await refuse({ message: text });
    await refuse({ message: { body: text } });
    await refuse({ message_type: "image", message: { id: "1234", caption: text } });
    await refuse(interactive(text));
    await refuse({ message_type: "location", message: { latitude: 1, longitude: 1, name: text } });
    await refuse({ reference: text });
  });
});

describe(titleOf("send: invisible text"), () => {
  it.each(Object.entries(invisibleTexts))("%s", async (_, text) => {
    await refuse({ message: text });
    await refuse({ message: { body: text } });
    await refuse(interactive(text));
  });
});

describe(titleOf("send: unusual text"), () => {
  it.each(Object.entries(unusualTexts))("%s", async (_, text) => {
    expect((await server.send({ ...order, message: text })).status).toBe(200);
    expect(server.sandbox.graph.messages.at(-1)?.body).toMatchObject({ text: { body: text } });
    await expect
      .poll(() => server.sandbox.conversation.messages.at(-1), { interval: 20 })
      .toMatchObject({ message: text });
  });
});

describe(titleOf("send: long text"), () => {
  it.each([
    ["letters", "a"],
    ["emoji", "😀"],
    ["letters of two bytes", "é"],
  ])("%s", async (_, letter) => {
    expect((await server.send({ ...order, message: letter.repeat(4096) })).status).toBe(200);
    await refuse({ message: letter.repeat(4097) });
    await refuse({ message: { body: letter.repeat(4097) } });
  });
});

describe(titleOf("send: template"), () => {
  const language = { code: "en" };

  it.each(templateNames.map((name) => [String(JSON.stringify(name)).slice(0, 40), name]))(
    "name %s",
    async (_, name) => {
      await refuse({ message_type: "template", message: { name, language } });
    },
  );

  it.each(templateParameters.map((text) => [String(JSON.stringify(text)).slice(0, 40), text]))(
    "parameter %s",
    async (_, text) => {
      const components = [{ type: "body", parameters: [{ type: "text", text }] }];
      await refuse({ message_type: "template", message: { name: "order_ready", language, components } });
    },
  );
});

describe(titleOf("send: media link"), () => {
  it.each(refusedLinks.map((link) => [String(JSON.stringify(link)).slice(0, 60), link]))("%s", async (_, link) => {
    for (const message_type of ["image", "video", "audio", "document", "sticker"]) {
      await refuse({ message_type, message: { link } });
    }
    const header = { type: "header", parameters: [{ type: "image", image: { link } }] };
    const components = [header];
    await refuse({ message_type: "template", message: { name: "a", language: { code: "en" }, components } });
    const { message } = interactive("Hello");
    await refuse({
      message_type: "interactive",
      message: { ...message, header: { type: "image", image: { link } } },
    });
  });
});
