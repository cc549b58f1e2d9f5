import { samplePicture } from "./sample-picture.ts";
import { sampleChats, type SampleMessage, sampleMediaId } from "./sample-chats.ts";
import { sampleOutlets } from "./sample-tenants.ts";
import { sampleTemplates } from "./sample-templates.ts";

/** The services on which the samples are made, before they are copied to a sandbox. */
export interface Stage {
  /** The time of what follows, in milliseconds since the epoch. */
  setTime(at: number): void;
  /** Calls Graph. Rejects when it refuses. */
  graph(method: string, path: string, body: object | FormData): Promise<Readonly<Record<string, unknown>>>;
  /** Calls the control API. Rejects when it refuses. */
  control(method: string, path: string, body: object): Promise<unknown>;
}

const minuteMs = 60_000;

/** Creates the sample numbers, templates and chats, as a business and its customers do. The ids are the same each time. */
export async function playSamples(stage: Stage, now: number): Promise<void> {
  stage.setTime(now - 2 * 24 * 60 * minuteMs);
  for (const { about, credentials } of sampleOutlets) {
    const profile = { messaging_product: "whatsapp", about };
    await stage.graph("POST", `${credentials.phone_number_id}/whatsapp_business_profile`, profile);
    // A number has facts, which a snapshot has, once somebody asks for them.
    await stage.graph("POST", credentials.phone_number_id, {});
  }
  for (const { accountId, template, verdict } of sampleTemplates) {
    const { id } = await stage.graph("POST", `${accountId}/message_templates`, template);
    if (verdict) await stage.control("POST", `/templates/${String(id)}/review`, verdict);
  }
  for (const message of sampleChats) await play(stage, message, now);
}

async function play(stage: Stage, message: SampleMessage, now: number): Promise<void> {
  const { customer, phoneNumberId, minutesAgo } = message;
  const at = now - minutesAgo * minuteMs;
  stage.setTime(at);
  if ("says" in message) {
    const content = { ...message.says, phoneNumberId, profileName: customer.profileName };
    await stage.control("POST", `/customers/${customer.phone}/messages`, content);
    return;
  }
  const body = { messaging_product: "whatsapp", to: customer.phone, ...message.sends };
  const sent = await stage.graph("POST", `${phoneNumberId}/messages`, await withPicture(stage, phoneNumberId, body));
  const [{ id }] = sent["messages"] as [{ id: string }];
  for (const [index, status] of message.becomes.entries()) {
    stage.setTime(at + (index + 1) ** 3 * 1_000);
    const error = message.errorCode !== undefined && { errorCode: message.errorCode };
    await stage.control("POST", `/messages/${encodeURIComponent(id)}/status`, { status, ...error });
  }
}

/** Uploads the picture to the number, if the message has it. */
async function withPicture(stage: Stage, phoneNumberId: string, body: object): Promise<object> {
  const json = JSON.stringify(body);
  if (!json.includes(sampleMediaId)) return body;
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  const bytes = Buffer.from(samplePicture, "base64");
  form.set("file", new File([bytes], "coffee.png", { type: "image/png" }));
  const { id } = await stage.graph("POST", `${phoneNumberId}/media`, form);
  return JSON.parse(json.replaceAll(sampleMediaId, String(id))) as object;
}
