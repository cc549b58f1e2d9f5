import { chatHref } from "../paths.ts";
import { type Action, type ActionCall, FormProblem, needed, present } from "./action.ts";
import type { FormFields } from "./form-fields.ts";

/** A request to act as the customer whom the form names. */
function as(form: FormFields, act: string, body: Readonly<Record<string, unknown>>): ActionCall {
  const customer = encodeURIComponent(needed(form, "customer", "The customer"));
  return { method: "POST", path: `/customers/${customer}/${act}`, body: present(body) };
}

function sending(form: FormFields, content: Readonly<Record<string, unknown>>): ActionCall {
  const context = { phoneNumberId: form.text("phoneNumberId"), replyTo: form.text("replyTo") };
  return as(form, "messages", { ...content, ...context });
}

async function file(form: FormFields): Promise<ActionCall> {
  const kind = form.text("kind") ?? "image";
  const chosen = await form.file("file");
  const isVoice = kind === "voice";
  const own = present({
    caption: isVoice || kind === "audio" || kind === "sticker" ? undefined : form.text("caption"),
    ...(chosen && { data: chosen.bytes.toString("base64"), mimeType: chosen.type || undefined }),
    ...(kind === "document" && { filename: chosen?.name ?? "document.pdf" }),
    ...(isVoice && { voice: true }),
  });
  return sending(form, { [isVoice ? "audio" : kind]: own });
}

function newChat(form: FormFields): ActionCall {
  const given = needed(form, "customer", "The phone number");
  const phoneNumberId = needed(form, "phoneNumberId", "The number of the business");
  const customer = /^[A-Z]{2}\./.test(given) ? given : given.replace(/\D/g, "");
  if (customer === "") throw new FormProblem("The phone number has no digits.");
  const body = present({
    text: needed(form, "text", "The message"),
    phoneNumberId,
    profileName: form.text("profileName"),
  });
  return {
    method: "POST",
    path: `/customers/${encodeURIComponent(customer)}/messages`,
    body,
    go: chatHref({ phoneNumberId, customer }),
  };
}

/** What is done as a customer. */
export const customerActions: Readonly<Record<string, Action>> = {
  write: (form) => sending(form, { text: needed(form, "text", "The text") }),
  "new-chat": newChat,
  press: (form) => sending(form, { press: needed(form, "offer", "The button") }),
  choose: (form) => sending(form, { choose: needed(form, "offer", "The row") }),
  submit(form) {
    try {
      return sending(form, { submit: JSON.parse(needed(form, "values", "The values")) });
    } catch (cause) {
      if (cause instanceof SyntaxError) throw new FormProblem("The values are not JSON.");
      throw cause;
    }
  },
  react: (form) => sending(form, { react: form.text("emoji") ?? "" }),
  file,
  location: (form) =>
    sending(form, {
      location: present({
        latitude: form.number("latitude"),
        longitude: form.number("longitude"),
        name: form.text("name"),
      }),
    }),
  contact(form) {
    const name = needed(form, "name", "The name");
    const phone = needed(form, "phone", "The phone number");
    const contact = {
      name: { formatted_name: name, first_name: name.split(" ")[0] },
      phones: [{ phone, wa_id: phone.replace(/\D/g, ""), type: "CELL" }],
    };
    return sending(form, { contacts: [contact] });
  },
  order: (form) =>
    sending(form, {
      order: {
        catalog_id: "194836987003835",
        text: "For tomorrow, please",
        product_items: [{ product_retailer_id: "kopi-250g", quantity: 2, item_price: 45_000, currency: "IDR" }],
      },
    }),
  unsupported: (form) => sending(form, { unsupported: true }),
  read: (form) => as(form, "read", { phoneNumberId: form.text("phoneNumberId") }),
  marketing: (form) => as(form, "marketing", { value: form.text("value"), phoneNumberId: form.text("phoneNumberId") }),
};
