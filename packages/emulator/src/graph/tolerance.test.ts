import { describe, expect, it } from "vitest";

import { openCalls } from "../../test/call-graph.ts";

const text = { messaging_product: "whatsapp", to: "628123456", type: "text", text: { body: "Hello!" } };
const contact = { name: { formatted_name: "Ana", last_name: null }, phones: [{ phone: "+628123", type: null }] };
const template = { name: "offer", language: { code: "en" } };
const buttons = { buttons: [{ type: "reply", reply: { id: 7, title: "Yes" } }] };

/** Bodies that Meta takes, each with what it means. */
const bodies: readonly (readonly [what: string, body: object, meant: object])[] = [
  [
    "null for what is absent",
    { ...text, context: null, recipient_type: null, text: { body: "Hello!", preview_url: null } },
    text,
  ],
  [
    "null in a contact",
    { ...text, type: "contacts", contacts: [contact] },
    { type: "contacts", contacts: [{ name: { formatted_name: "Ana" }, phones: [{ phone: "+628123" }] }] },
  ],
  ["null components", { ...text, type: "template", template: { ...template, components: null } }, { template }],
  [
    "a contact with an empty birthday",
    { ...text, type: "contacts", contacts: [{ ...contact, birthday: "" }] },
    { type: "contacts" },
  ],
  [
    "contacts as JSON",
    { ...text, type: "contacts", contacts: JSON.stringify([contact]) },
    { contacts: [{ name: { formatted_name: "Ana" }, phones: [{ phone: "+628123" }] }] },
  ],
  ["the text as JSON", { ...text, text: JSON.stringify({ body: "Hello!" }) }, text],
  ["a template as JSON", { ...text, type: "template", template: JSON.stringify(template) }, { template }],
  [
    "an interactive message as JSON",
    {
      ...text,
      type: "interactive",
      interactive: JSON.stringify({ type: "button", body: { text: "?" }, action: buttons }),
    },
    {
      interactive: {
        type: "button",
        body: { text: "?" },
        action: { buttons: [{ type: "reply", reply: { id: "7", title: "Yes" } }] },
      },
    },
  ],
  ["a recipient that is a number", { ...text, to: 628123456 }, text],
  ["a media id that is a number", { ...text, type: "image", image: { id: 17 } }, { image: { id: "17" } }],
  [
    "a flag that is a text",
    { ...text, text: { body: "Hello!", preview_url: "true" } },
    { text: { body: "Hello!", preview_url: true } },
  ],
  [
    "coordinates that are texts",
    { ...text, type: "location", location: { latitude: "1.5", longitude: "-2" } },
    { location: { latitude: "1.5", longitude: "-2" } },
  ],
];

describe("what Meta takes, and the emulator too", () => {
  it.each(bodies)("%s", async (_, body, meant) => {
    const { call, graph } = openCalls();
    expect(await call("POST 11/messages", { ...body })).not.toHaveProperty("error");
    expect(graph.accepted.entries()[0]?.body).toMatchObject(meant);
  });

  it("a text that looks like JSON stays a text", async () => {
    const { call, graph } = openCalls();
    for (const body of ['{"a":1}', "[1]", "[]", "{"]) await call("POST 11/messages", { ...text, text: { body } });
    expect(graph.accepted.entries().map((message) => message.body["text"])).toEqual(
      ['{"a":1}', "[1]", "[]", "{"].map((body) => ({ body })),
    );
  });

  it.each([
    ["a form", new URLSearchParams({ ...text, text: JSON.stringify(text.text) })],
    [
      "a form with a product and a flag",
      new URLSearchParams({ ...text, text: '{"body":"Hello!","preview_url":"false"}' }),
    ],
  ])("%s as the body", async (_, body) => {
    const { call, graph } = openCalls();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect(await call("POST 11/messages", body, { headers })).toHaveProperty("messages");
    expect(graph.accepted.entries()[0]?.body).toMatchObject(text);
  });

  it("a form of parts as the body", async () => {
    const { call, graph } = openCalls();
    const form = new FormData();
    for (const [name, value] of Object.entries(text))
      form.set(name, typeof value === "string" ? value : JSON.stringify(value));
    expect(await call("POST 11/messages", form)).toHaveProperty("messages");
    expect(graph.accepted.entries()[0]?.body).toMatchObject(text);
  });
});

describe("access tokens", () => {
  const tokens = { EAAgood: { phoneNumberIds: ["11"] } };
  const none = { token: "" };

  it.each([
    ["in the query", "POST 11/messages?access_token=EAAgood", text, {}],
    ["in the body", "POST 11/messages", { ...text, access_token: "EAAgood" }, {}],
    ["as OAuth", "POST 11/messages", text, { authorization: "OAuth EAAgood" }],
    ["as bearer, in lower case", "POST 11/messages", text, { authorization: "bearer EAAgood" }],
  ])("%s", async (_, to, body, headers) => {
    const { call, graph } = openCalls({ tokens });
    expect(await call(to, body, { ...none, headers })).toHaveProperty("messages");
    expect(graph.log.entries()[0]?.accessToken).toBe("EAAgood");
  });

  it("that are unknown are refused wherever they are", async () => {
    const { refusal } = openCalls({ tokens });
    expect(await refusal("POST 11/messages?access_token=EAAbad", text, none)).toBe("190");
    expect(await refusal("POST 11/messages", text, { ...none, headers: { authorization: "OAuth EAAbad" } })).toBe(
      "190",
    );
    expect(await refusal("POST 11/messages", text, none)).toBe("190");
  });
});

it.each(["", "v1.0/", "v23.0/", "v99.9/", "/v25.0/"])("a path that begins with %j", async (version) => {
  const { call } = openCalls();
  expect(await call(`POST http://graph.test/${version}11/messages`, text)).toHaveProperty("messages");
  expect(await call(`POST http://graph.test/${version}11/messages/`, text)).toHaveProperty("messages");
  expect(await call(`GET http://graph.test/${version}11?fields=status`)).toEqual({ id: "11", status: "CONNECTED" });
});

describe("groups", () => {
  it("a message to a group is answered with its id, whatever digits it has", async () => {
    const { call, graph } = openCalls();
    const to = "Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAzNjM0MDQ2OTQyMzM4MjAZD";
    const answer = await call("POST 11/messages", { ...text, recipient_type: "group", to });
    expect(answer).toMatchObject({ contacts: [{ input: to, wa_id: to }], messages: [{ group_id: to }] });
    expect(graph.accepted.entries()).toMatchObject([{ recipient: to, groupId: to }]);
    expect(graph.accepted.entries()[0]).not.toHaveProperty("waId");
  });

  it("that are deleted are unknown", async () => {
    const { call, refusal } = openCalls();
    await call("POST 11/groups", { messaging_product: "whatsapp", subject: "Friends" });
    const { data } = await call("GET 11/groups");
    const [{ id: to }] = data.groups;
    expect(await refusal("POST 11/messages", { ...text, recipient_type: "group", to })).toBeUndefined();
    await call(`DELETE ${to}`);
    expect(await refusal("POST 11/messages", { ...text, recipient_type: "group", to })).toBe("131009");
  });
});
