import { expect, test } from "vitest";

import { buttons, list } from "../../../test/control-client.ts";
import { budi, budisChat, openPage } from "../../../test/open-page.ts";

/** The text of a page, as a person reads it. */
function readable(html: string): string {
  return html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

const order = { name: "order_ready", language: { code: "en_US" } };

test.each<[string, object, RegExp]>([
  [
    "a text",
    { type: "text", text: { body: "*Ready* at https://example.com/4711" } },
    /<strong>Ready<\/strong> at <a href="https:\/\/example.com\/4711"/,
  ],
  [
    "a picture that is elsewhere",
    { type: "image", image: { link: "https://example.com/a.png", caption: "Here" } },
    /Here/,
  ],
  [
    "a location",
    { type: "location", location: { latitude: 1.5, longitude: 2, name: "Shop", address: "Main 1" } },
    /Shop.*Main 1.*1\.5, 2/,
  ],
  [
    "contacts",
    { type: "contacts", contacts: [{ name: { formatted_name: "Siti" }, phones: [{ phone: "+62811" }] }] },
    /Siti.*\+62811/,
  ],
  ["buttons", buttons, /Sure\?.*name="offer" value="id-Yes".*Yes/],
  ["a list", list, /Choose.*value="express".*Next day/],
  [
    "a link to press",
    {
      type: "interactive",
      interactive: {
        type: "cta_url",
        body: { text: "Look" },
        action: { name: "cta_url", parameters: { display_text: "Open it", url: "https://example.com" } },
      },
    },
    /Look.*href="https:\/\/example.com".*Open it/,
  ],
  [
    "a template that nobody knows",
    {
      type: "template",
      template: { ...order, components: [{ type: "body", parameters: [{ type: "text", text: "4711" }] }] },
    },
    /Template order_ready.*4711/,
  ],
  ["a type that is new", { type: "reaction", reaction: { message_id: "wamid.none", emoji: "👍" } }, /Reacted 👍/],
])("%s that the business sent", async (_, content, expected) => {
  const { show, send } = await openPage();
  await send(content);
  expect(await show(budisChat)).toMatch(new RegExp(expected.source, "s"));
});

test("a template with its parameters in their places, its quick reply to press and its link to open", async () => {
  const { show, send, graph } = await openPage();
  const components = [
    { type: "HEADER", format: "TEXT", text: "Hello {{1}}", example: { header_text: ["B"] } },
    { type: "BODY", text: "Order {{1}} is at {{2}}.", example: { body_text: [["1", "2"]] } },
    { type: "FOOTER", text: "Kopi Kita" },
    {
      type: "BUTTONS",
      buttons: [
        { type: "QUICK_REPLY", text: "Coming" },
        { type: "URL", text: "Map", url: "https://example.com/{{1}}", example: ["x"] },
      ],
    },
  ];
  await graph.app.request("/v25.0/2999/message_templates", {
    method: "POST",
    headers: { authorization: "Bearer EAAtoken" },
    body: JSON.stringify({ name: "order_ready", language: "en_US", category: "UTILITY", components }),
  });
  const text = (value: string) => ({ type: "text", text: value });
  await send({
    type: "template",
    template: {
      ...order,
      components: [
        { type: "header", parameters: [text("Budi")] },
        { type: "body", parameters: [text("4711"), text("Sabang 12")] },
        { type: "button", sub_type: "url", index: "1", parameters: [text("map")] },
      ],
    },
  });
  const html = await show(budisChat);
  expect(readable(html)).toMatch(/Hello Budi\s+Order 4711 is at Sabang 12\.\s+Kopi Kita/);
  expect(html).toContain('href="https://example.com/map"');
  expect(html).toMatch(/name="offer" value="Coming"/);
});

test("the customer's side: a picture from its bytes, a reply with what it answers, a reaction under its message", async () => {
  const { show, send, call } = await openPage();
  const id = await send({ text: { body: "Which one?" } });
  await call("POST", "/customers/628123456/messages", { image: { caption: "This" }, replyTo: id });
  await call("POST", "/customers/628123456/messages", { react: "🙏", replyTo: id });
  const html = await show(budisChat);
  const [, src = ""] = /<img class="image" src="([^"]+)"/.exec(html) ?? [];
  expect(src).toMatch(/^\/__emulator\/media\/\d+$/);
  expect(readable(html)).toMatch(/Which one\?.*🙏.*The business\s+Which one\?.*This/);
});

test("ticks are as the statuses, and a failure says why", async () => {
  const { show, send, submit } = await openPage({ webhooks: { statuses: [] } });
  const id = await send();
  const ticks = async () => [...(await show(budisChat)).matchAll(/data-status="(\w+)"/g)].map(([, status]) => status);
  expect(await ticks()).toEqual(["accepted", "accepted"]);
  await submit("status", { id, status: "delivered" });
  await expect.poll(ticks).toEqual(["delivered", "delivered"]);
  await submit("status", { id, status: "failed", errorCode: "131026" });
  await expect.poll(async () => readable(await show(budisChat))).toContain("131026: Message undeliverable");
});

test("of many chats the latest are listed, and the one that is open", async () => {
  const { show, send, call } = await openPage();
  await send({ text: { body: "The first" } });
  for (let at = 0; at < 250; at += 1)
    await call("POST", `/customers/62899${1000 + at}/messages`, { text: `hello ${at}` });
  const page = await show(budisChat);
  expect(page.match(/<li id="chat-/g)).toHaveLength(201);
  expect(page).toContain("50 earlier chats are not shown");
  expect(page).toMatch(/aria-current="true"[^]*The first/);
});

test("chats are listed by number, the latest first, with what the customer has not read", async () => {
  const { show, send, call } = await openPage({ webhooks: { statuses: [] } });
  await call("POST", "/customers/628111/messages", { text: "Hi", profileName: "Siti Rahma", phoneNumberId: "456" });
  await send();
  await send({ text: { body: "The second" } });
  const listed = readable(/<aside.*?<\/aside>/s.exec(await show("/"))?.[0] ?? "");
  expect(listed).toMatch(/· 123 # \+628123456 .*The second 2 not read.*· 456 SR Siti Rahma.*Hi/);
});

test("what customers do on the page is what they do over the control API", async () => {
  const { submit, chats, send } = await openPage();
  const last = () => chats.all().at(-1)?.content;
  await submit("write", { ...budi, text: "Hello" });
  expect(last()).toMatchObject({ type: "text", text: { body: "Hello" } });
  const asked = await send(buttons);
  await submit("press", { ...budi, offer: "id-No", replyTo: asked });
  expect(last()).toMatchObject({ interactive: { button_reply: { id: "id-No" } }, context: { id: asked } });
  await send(list);
  await submit("choose", { ...budi, offer: "express" });
  expect(last()).toMatchObject({ interactive: { list_reply: { id: "express" } } });
  await submit("react", { ...budi, emoji: "👍", replyTo: asked });
  expect(last()).toMatchObject({ reaction: { message_id: asked, emoji: "👍" } });
  await submit("location", { ...budi, latitude: "1.5", longitude: "-2", name: "" });
  expect(last()).toMatchObject({ location: { latitude: 1.5, longitude: -2 } });
  await submit("contact", { ...budi, name: "Siti Rahma", phone: "+62 811" });
  expect(last()).toMatchObject({ contacts: [{ phones: [{ wa_id: "62811" }] }] });
  await submit("order", budi);
  expect(last()).toMatchObject({ type: "order" });
  await submit("unsupported", budi);
  expect(last()).toMatchObject({ type: "unsupported" });
  await submit("new-chat", { customer: "+62 899-1", phoneNumberId: "9", text: "New", profileName: "Agus" });
  expect(chats.all().at(-1)).toMatchObject({ customer: "628991", phoneNumberId: "9", profileName: "Agus" });
});

test("a file goes to the business as it is; a voice message without one is a sample", async () => {
  const { submit, chats, state } = await openPage();
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...budi, kind: "document", caption: "The invoice" }))
    form.set(name, value);
  form.set("file", new File(["%PDF-1.7"], "invoice.pdf", { type: "application/pdf" }));
  await submit("file", form);
  const { document } = chats.all().at(-1)!.content as { document: { id: string; filename: string; caption: string } };
  expect(document).toMatchObject({ filename: "invoice.pdf", caption: "The invoice" });
  expect(state().media.find(document.id)?.bytes.read().toString()).toBe("%PDF-1.7");
  await submit("file", { ...budi, kind: "voice" });
  expect(chats.all().at(-1)?.content).toMatchObject({ audio: { voice: true } });
});

test("a customer reads all, and wants no marketing", async () => {
  const { submit, show, send, chats } = await openPage({ webhooks: { statuses: [] } });
  const id = await send();
  await submit("read", budi);
  await expect.poll(() => chats.find(id)?.status).toBe("read");
  await submit("marketing", { ...budi, value: "stop" });
  expect(readable(await show(budisChat))).toMatch(/No marketing.*Allow marketing/);
});
