import type { Sandbox } from "@message-sender/emulator";

import type { Json } from "./published-examples.ts";

/** Calls Graph of the sandbox as an app does. */
export type CallGraph = (method: string, path: string, body?: Json) => Promise<Json>;

const number = "106540352242922";
const account = "102290129340398";
const business = "506914307656634";

/** For each parameter in a path, an object of Graph that it may name: one that is there, or one that is created. */
export const objects: Readonly<Record<string, (call: CallGraph, sandbox: Sandbox) => Promise<string> | string>> = {
  "Phone-Number-ID": () => number,
  "WhatsApp-Account-Number-ID": () => number,
  "WABA-ID": useAccount,
  "WhatsApp-Business-Account-ID": useAccount,
  "Business-ID": () => business,
  "Application-ID": () => "1234567890123456",
  "User-ID": () => "2345678901234567",
  "QR-Code-ID": async (call) =>
    text(await call("POST", `${number}/message_qrdls`, { prefilled_message: "Hi!" }), "code"),
  "WhatsApp-Business-Profile-ID": async (call) => {
    const { data } = (await call("GET", `${number}/whatsapp_business_profile?fields=id`)) as { data: [{ id: string }] };
    return data[0].id;
  },
  "WABA-Bot-ID": async (call) => {
    const { conversational_automation: bot } = await call("GET", `${number}?fields=conversational_automation`);
    return (bot as { id: string }).id;
  },
  "Media-ID": upload,
  "Media-URL": async (call, sandbox) => {
    const { url } = (await call("GET", await upload(call, sandbox))) as { url: string };
    return url.replace(`${sandbox.graphUrl}/`, "");
  },
  "Message-History-ID": async (call) => {
    await call("POST", `${number}/messages`, { messaging_product: "whatsapp", to: "628123", text: { body: "Hi!" } });
    const { data } = (await call("GET", `${number}/message_history`)) as { data: [{ id: string }] };
    return data[0].id;
  },
  TEMPLATE_ID: async (call) => text(await call("POST", `${account}/message_templates`, template), "id"),
  "Flow-ID": async (call) => {
    const flow = { name: "A flow", categories: ["OTHER"], flow_json: { version: "7.0", screens: [{ id: "ONE" }] } };
    return text(await call("POST", `${account}/flows`, flow), "id");
  },
  group_id: async (call) => {
    await call("POST", `${number}/groups`, { messaging_product: "whatsapp", subject: "A group" });
    const { data } = (await call("GET", `${number}/groups`)) as { data: { groups: [{ id: string }] } };
    return data.groups[0].id;
  },
  "Pre-Verified-Phone-Number-ID": preverify,
};

/** What the examples call by a name: an object that is created before they are sent. */
export const named: Readonly<Record<string, (call: CallGraph) => Promise<string>>> = {
  HSM_ID: async (call) => text(await call("POST", `${account}/message_templates`, template), "id"),
  EXISTING_FLOW_ID: async (call) =>
    text(await call("POST", `${account}/flows`, { name: "Another flow", categories: ["OTHER"] }), "id"),
  SOURCE_WABA_ID: () => Promise.resolve(account),
  PHONE_NUMBER_ID: () => Promise.resolve(number),
  "1234567890123456": preverify,
};

const template = {
  name: "template_name",
  language: "en_US",
  category: "UTILITY",
  components: [{ type: "BODY", text: "Hello!" }],
};

/** An id is an account's once it was used as one. */
async function useAccount(call: CallGraph): Promise<string> {
  await call("GET", `${account}/phone_numbers`);
  return account;
}

/** The id of an object that is no more, for what Graph does not have here. */
export async function goneObject(call: CallGraph): Promise<string> {
  const id = await objects["TEMPLATE_ID"]?.(call, undefined as never);
  await call("DELETE", `${account}/message_templates?name=template_name`);
  return id ?? "";
}

async function preverify(call: CallGraph): Promise<string> {
  return text(await call("POST", `${business}/add_phone_numbers`, { phone_number: "+1234567890" }), "id");
}

async function upload(_: CallGraph, sandbox: Sandbox): Promise<string> {
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("file", new File(["a picture"], "a.jpg", { type: "image/jpeg" }));
  const headers = { authorization: "Bearer a-token" };
  const response = await fetch(`${sandbox.graphUrl}/v23.0/${number}/media`, { method: "POST", headers, body: form });
  return text((await response.json()) as Json, "id");
}

function text(answer: Json, name: string): string {
  const value = answer[name];
  if (typeof value !== "string") throw new Error(`no ${name} in ${JSON.stringify(answer)}`);
  return value;
}
