import { expect, test } from "vitest";

import { buttons, list, openControl } from "../../test/control-client.ts";

const customer = "/customers/+62%20812-3456/messages";
const context = (id: string) => ({ from: expect.stringMatching(/^1555\d{7}$/), id });

/** What the webhook says that the customer sent. */
function sentIn(body: any) {
  return body.webhook.payload.entry[0].changes[0].value.messages[0];
}

test("send as customer: a text, answered with the message and its webhook", async () => {
  const { call, webhooks } = openControl();
  const { status, body } = await call("POST", customer, { text: "Hi", phoneNumberId: "123", profileName: "Ana" });
  expect(status).toBe(201);
  expect(body.message).toMatchObject({ direction: "in", customer: "628123456", text: "Hi", profileName: "Ana" });
  expect(body.webhook.payload).toMatchObject({
    object: "whatsapp_business_account",
    entry: [
      {
        changes: [
          {
            field: "messages",
            value: {
              contacts: [{ profile: { name: "Ana" }, wa_id: "628123456" }],
              metadata: { phone_number_id: "123" },
              messages: [{ from: "628123456", type: "text", text: { body: "Hi" }, id: body.message.id }],
            },
          },
        ],
      },
    ],
  });
  expect(body.webhook).not.toHaveProperty("id");
  webhooks.target({ url: "http://127.0.0.1:1", appSecret: "s" });
  expect((await call("POST", customer, { text: "Hi" })).body.webhook.id).toMatch(/^webhook-\d+$/);
  webhooks.close();
});

test("a customer writes to the number that last wrote to them, or to the first one", async () => {
  const outlets = { o1: { waba_access_token: "EAAtoken", phone_number_id: "777", waba_id: "999" } };
  const seeded = openControl({ tenants: { t1: { outlets } } });
  expect((await seeded.call("POST", customer, { text: "Hi" })).body.message.phoneNumberId).toBe("777");
  const open = openControl();
  expect((await open.call("POST", customer, { text: "Hi" })).body.message.phoneNumberId).toBe("106540352242922");
  await open.send({}, "456");
  expect((await open.call("POST", customer, { text: "Hi" })).body.message.phoneNumberId).toBe("456");
});

test("a customer may be known by a user id alone", async () => {
  const { call } = openControl();
  const { body } = await call("POST", "/customers/ID.77/messages", { text: "Hi" });
  expect(body.message.customer).toBe("ID.77");
  expect(sentIn(body)).toMatchObject({ from_user_id: "ID.77" });
  expect(sentIn(body)).not.toHaveProperty("from");
});

test.each([
  ["messages", { text: "Hi" }],
  ["read", {}],
  ["marketing", { value: "stop" }],
  ["number", { to: "+628987654321" }],
])("%s as a customer without a phone number or a user id is refused", async (action, request) => {
  const { call } = openControl();
  for (const nobody of ["abc", "-", "%00", "__proto__"]) {
    const { status, body } = await call("POST", `/customers/${nobody}/${action}`, request);
    expect({ nobody, status, title: body.title }).toEqual({ nobody, status: 400, title: "Bad request" });
  }
});

test("a button is pressed by its label or its id, of the latest message that has it", async () => {
  const { call, send } = openControl();
  const first = await send(buttons);
  const second = await send({ ...buttons, interactive: { ...buttons.interactive, body: { text: "Really?" } } });
  await send();
  const pressed = { type: "button_reply", button_reply: { id: "id-Yes", title: "Yes" } };
  for (const press of ["yes", "id-Yes"]) {
    const { body } = await call("POST", customer, { press });
    expect(sentIn(body)).toMatchObject({ type: "interactive", interactive: pressed, context: context(second) });
  }
  const { body } = await call("POST", customer, { press: "No", replyTo: first });
  expect(sentIn(body)).toMatchObject({ context: context(first), interactive: { button_reply: { id: "id-No" } } });
});

test("a row of a list is chosen, and comes with its description", async () => {
  const { call, send } = openControl();
  const id = await send(list);
  const row = { id: "express", title: "Express", description: "Next day" };
  expect(sentIn((await call("POST", customer, { choose: "Express" })).body)).toMatchObject({
    interactive: { type: "list_reply", list_reply: row },
    context: context(id),
  });
});

test("a quick reply of a template comes as a button, with its payload", async () => {
  const { call, send } = openControl();
  const template = { name: "sure", language: { code: "en" } };
  const parameters = [{ type: "payload", payload: "yes-1" }];
  const button = { type: "button", sub_type: "quick_reply", index: "0", parameters };
  await send({ type: "template", template: { ...template, components: [button] } });
  const pressed = (await call("POST", customer, { press: "yes-1" })).body;
  expect(sentIn(pressed)).toMatchObject({ type: "button", button: { payload: "yes-1", text: "yes-1" } });
  await send({ type: "template", template });
  expect(sentIn((await call("POST", customer, { press: "Yes" })).body)).toMatchObject({
    button: { payload: "Yes", text: "Yes" },
  });
});

test("a quick reply of a template that exists is pressed by its label", async () => {
  const { call, send } = openControl({
    templates: [{ name: "sure", language: "en", buttons: ["url", "quick_reply"] }],
  });
  const url = { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "1" }] };
  const parameters = [{ type: "payload", payload: "yes-1" }];
  const reply = { type: "button", sub_type: "quick_reply", index: "1", parameters };
  const template = { name: "sure", language: { code: "en" }, components: [url] };
  await send({ type: "template", template });
  const pressed = async (press: string) => sentIn((await call("POST", customer, { press })).body).button;
  expect(await pressed("reply")).toEqual({ payload: "Reply", text: "Reply" });
  await send({ type: "template", template: { ...template, components: [url, reply] } });
  expect(await pressed("Reply")).toEqual({ payload: "yes-1", text: "Reply" });
  expect((await call("POST", customer, { press: "Maybe" })).status).toBe(409);
});

test.each([
  [{ press: "Maybe" }, /button "Maybe"\. There are "Yes", "No"/],
  [{ choose: "Yes" }, /row "Yes"/],
  [{ press: "Yes", replyTo: "wamid.none" }, /None has any/],
])("%j is not possible where nothing has it", async (action, why) => {
  const { call, send } = openControl();
  await send(buttons);
  expect(await call("POST", customer, action)).toEqual({
    status: 409,
    body: { title: "Not possible", detail: expect.stringMatching(why) },
  });
});

test("a reaction is to the latest message, or to the one that is named", async () => {
  const { call, send } = openControl();
  expect((await call("POST", customer, { react: "👍" })).status).toBe(409);
  const [first, second] = [await send(), await send()];
  const reaction = async (action: object) => sentIn((await call("POST", customer, action)).body).reaction;
  expect(await reaction({ react: "👍" })).toEqual({ message_id: second, emoji: "👍" });
  expect(await reaction({ react: "", replyTo: first })).toEqual({ message_id: first });
});

test.each([
  ["image", { caption: "The menu" }, { mime_type: "image/png", caption: "The menu" }],
  ["video", {}, { mime_type: "video/mp4" }],
  ["audio", { voice: true }, { mime_type: "audio/ogg; codecs=opus", voice: true }],
  ["document", { filename: "a.pdf" }, { mime_type: "application/pdf", filename: "a.pdf" }],
  ["sticker", {}, { mime_type: "image/webp", animated: false }],
])("a file is kept under the id in the webhook: %s", async (kind, file, shown) => {
  const { call, state } = openControl();
  const sent = sentIn((await call("POST", customer, { [kind]: file, phoneNumberId: "123" })).body);
  expect(sent).toMatchObject({ type: kind, [kind]: { ...shown, sha256: expect.stringMatching(/=$/) } });
  expect(state().media.all()).toMatchObject([{ id: sent[kind].id, phoneNumberId: "123" }]);
});

test("the bytes of a file are those that were given", async () => {
  const { call, state } = openControl();
  const data = Buffer.from("seven b").toString("base64");
  await call("POST", customer, { document: { data, mimeType: "text/plain" } });
  expect(state().media.all()).toMatchObject([{ mimeType: "text/plain", size: 7 }]);
});

test.each([
  ["location", { latitude: 1, longitude: 2 }],
  ["contacts", [{ name: { formatted_name: "Ana" } }]],
  ["order", { catalog_id: "1", product_items: [] }],
])("Meta's own object is sent as given: %s", async (kind, value) => {
  const { call } = openControl();
  expect(sentIn((await call("POST", customer, { [kind]: value })).body)).toMatchObject({ type: kind, [kind]: value });
});

test("a text may answer a message, come from an ad, or ask about a product", async () => {
  const { call, send } = openControl();
  const id = await send();
  const sentBy = async (action: object) => sentIn((await call("POST", customer, { text: "Hi", ...action })).body);
  expect(await sentBy({ replyTo: id })).toMatchObject({ context: context(id) });
  expect(await sentBy({ referral: { source_type: "ad" } })).toMatchObject({ referral: { source_type: "ad" } });
  const product = { catalog_id: "1", product_retailer_id: "2" };
  expect(await sentBy({ referredProduct: product })).toMatchObject({ context: { referred_product: product } });
});

test("a form is completed, something unsupported is sent, and anything else in Meta's form", async () => {
  const { call, send } = openControl();
  await send();
  const sentBy = async (action: object) => sentIn((await call("POST", customer, action)).body);
  const reply = { response_json: '{"day":"Monday"}', body: "Sent", name: "flow" };
  expect(await sentBy({ submit: { day: "Monday" } })).toMatchObject({
    interactive: { type: "nfm_reply", nfm_reply: reply },
  });
  expect(await sentBy({ unsupported: true })).toMatchObject({ type: "unsupported", errors: [{ code: 131051 }] });
  expect(await sentBy({ message: { type: "new", new: { a: 1 } } })).toMatchObject({ type: "new", new: { a: 1 } });
});

test.each([{}, { text: "Hi", press: "Yes" }, { image: { data: "%" } }, { text: "Hi", moon: true }, undefined])(
  "%j is rejected with a reason",
  async (body) => {
    expect(await openControl().call("POST", customer, body)).toEqual({
      status: 400,
      body: { title: "Bad request", detail: expect.stringMatching(/./) },
    });
  },
);

test("read as customer: what was not read yet", async () => {
  const { call, send } = openControl();
  const ids = [await send(), await send()];
  const { body } = await call("POST", "/customers/628123456/read", {});
  expect(body.messages.map(({ id, status }: any) => [id, status])).toEqual(ids.map((id) => [id, "read"]));
  expect((await call("POST", "/customers/628123456/read", {})).body).toEqual({ messages: [] });
});

test("prefer as customer: no marketing messages, and marketing messages again", async () => {
  const { call } = openControl();
  const { body } = await call("POST", "/customers/628123456/marketing", { value: "stop" });
  expect(body.webhook.payload.entry[0].changes[0]).toMatchObject({
    field: "user_preferences",
    value: { user_preferences: [{ value: "stop" }] },
  });
});

test("change number as customer: a notice of WhatsApp's, without contacts", async () => {
  const { call, state } = openControl();
  const { body } = await call("POST", "/customers/628123456/number", { to: "+62 899", phoneNumberId: "123" });
  const { value } = body.webhook.payload.entry[0].changes[0];
  expect(value).not.toHaveProperty("contacts");
  expect(value.messages).toMatchObject([
    {
      from: "628123456",
      type: "system",
      system: {
        type: "user_changed_number",
        wa_id: "62899",
        body: "User Sandbox User changed from 628123456 to 62899",
      },
    },
  ]);
  expect(state().audience.isWindowOpen({ phoneNumberId: "123", waId: "628123456" }, Date.now())).toBe(false);
});
