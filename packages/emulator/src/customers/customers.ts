import { createHash } from "node:crypto";

import type { ChatMessage } from "../chats/chat-message.ts";
import type { Chats } from "../chats/chats.ts";
import type { InboundMessage, InboundSender } from "../webhooks/inbound-schema.ts";
import type { MadeWebhook } from "../webhooks/inbound.ts";
import type { WebhookService } from "../webhooks/webhooks.ts";
import type { CustomerContext, CustomerFile, CustomerMessage } from "./customer-schema.ts";
import { chosenOf, type Offer, offersOf } from "./offers.ts";
import { type FileKind, sampleFiles } from "./sample-files.ts";

/** What a customer did, and the webhook that it made. */
export interface CustomerAct {
  /** As the number received it; absent where it is no message. */
  readonly message?: ChatMessage;
  /** Has an id only if there is a target to which it is sent. */
  readonly webhook: MadeWebhook;
}

/** Acts as customers. Every function throws a `CustomerProblem` where a customer could not do that. */
export interface Customers {
  send(customer: string, message: CustomerMessage): CustomerAct;
  /** Asks for no more marketing messages, or for marketing messages again. */
  prefer(customer: string, preference: CustomerContext & { readonly value: "stop" | "resume" }): CustomerAct;
  /** The customer changes their phone number; WhatsApp tells the business. */
  changeNumber(customer: string, change: { readonly to: string; readonly phoneNumberId?: string }): CustomerAct;
  /** Reads the messages of the number that were not read yet. Returns them. */
  read(customer: string, which: { readonly phoneNumberId?: string }): readonly ChatMessage[];
}

/** A customer cannot do that: there is no such message, button or row. */
export class CustomerProblem extends Error {
  override readonly name = "CustomerProblem";
}

interface CustomersDeps {
  readonly chats: Chats;
  readonly webhooks: WebhookService;
  /** Where a customer writes that nobody has written to. */
  readonly firstNumber: () => string;
  /** The labels of the quick replies of the template that a message names, by their index. */
  readonly labelsOf: (message: ChatMessage) => ReadonlyMap<number, string>;
  /** Keeps a file, so that it can be downloaded by the id in the webhook. */
  readonly keepFile: (file: { phoneNumberId: string; mimeType: string; filename?: string; bytes: Uint8Array }) => {
    readonly id: string;
  };
}

type Content = NonNullable<InboundMessage["message"]>;

export function createCustomers({ chats, webhooks, firstNumber, labelsOf, keepFile }: CustomersDeps): Customers {
  function senderOf(customer: string, { phoneNumberId, profileName }: CustomerContext): InboundSender {
    const key = keyOf(customer);
    const known = chats.all().findLast((one) => one.customer === key);
    const name = profileName ?? known?.profileName;
    return {
      phoneNumberId: phoneNumberId ?? known?.phoneNumberId ?? firstNumber(),
      ...(isUserId(customer) ? { userId: customer } : { from: key }),
      ...(name !== undefined && { profileName: name }),
    };
  }

  /** The messages that the number sent to the customer, the latest first. */
  function receivedBy(customer: string, { phoneNumberId }: InboundSender): readonly ChatMessage[] {
    return chats
      .all()
      .filter(
        (one) => one.direction === "out" && one.customer === keyOf(customer) && one.phoneNumberId === phoneNumberId,
      )
      .toReversed();
  }

  function contextOf({ phoneNumberId }: InboundSender, id: string | undefined) {
    return id === undefined ? {} : { context: { from: webhooks.sourceOf(phoneNumberId).displayPhoneNumber, id } };
  }

  /** The offer that the customer takes, of the message named or of the latest that has it. */
  function take(customer: string, sender: InboundSender, input: CustomerMessage, wanted: string): Content {
    const messages = receivedBy(customer, sender).filter(
      ({ id }) => input.replyTo === undefined || id === input.replyTo,
    );
    const isRow = input.choose !== undefined;
    const offeredIn = (message: ChatMessage) => offersOf(message.content, labelsOf(message));
    for (const message of messages) {
      const { id, type } = message;
      const offers = offeredIn(message).filter(({ kind }) => (kind === "list") === isRow);
      const isUnknown = type === "template" && !isRow && offers.length === 0;
      const offer = chosenOf(offers, wanted) ?? (isUnknown ? labelOf(wanted) : undefined);
      if (offer) return { ...contextOf(sender, id), ...answerTo(offer) };
    }
    const offered = messages.flatMap((message) => offeredIn(message).map(({ title }) => JSON.stringify(title)));
    throw new CustomerProblem(
      `No message to ${customer} has a ${isRow ? "row" : "button"} ${JSON.stringify(wanted)}. ` +
        (offered.length > 0 ? `There are ${offered.join(", ")}.` : "None has any."),
    );
  }

  function latestTo(customer: string, sender: InboundSender, id: string | undefined): string {
    const latest = id ?? receivedBy(customer, sender)[0]?.id;
    if (latest === undefined) throw new CustomerProblem(`No message was sent to ${customer}.`);
    return latest;
  }

  function fileOf(kind: FileKind, sender: InboundSender, input: CustomerFile): Content {
    const sample = sampleFiles[kind];
    const { data = sample.data, mimeType = sample.mimeType, filename, caption, voice } = input;
    const bytes = Buffer.from(data, "base64");
    const { phoneNumberId } = sender;
    const { id } = keepFile({ phoneNumberId, mimeType, bytes, ...(filename !== undefined && { filename }) });
    const shown = {
      ...(caption !== undefined && { caption }),
      ...(filename !== undefined && { filename }),
      mime_type: mimeType,
      sha256: createHash("sha256").update(bytes).digest("base64"),
      id,
      ...(kind === "sticker" && { animated: false }),
      ...(kind === "audio" && { voice: voice ?? false }),
    };
    return { type: kind, [kind]: shown };
  }

  function contentOf(customer: string, sender: InboundSender, input: CustomerMessage): Content {
    const { text, press, choose, submit, react, replyTo, referral, referredProduct } = input;
    const wanted = press ?? choose;
    if (wanted !== undefined) return take(customer, sender, input, wanted);
    if (react !== undefined) {
      const id = latestTo(customer, sender, replyTo);
      return { type: "reaction", reaction: { message_id: id, ...(react !== "" && { emoji: react }) } };
    }
    if (submit !== undefined) {
      const reply = { response_json: JSON.stringify(submit), body: "Sent", name: "flow" };
      const id = latestTo(customer, sender, replyTo);
      return { ...contextOf(sender, id), type: "interactive", interactive: { type: "nfm_reply", nfm_reply: reply } };
    }
    const context = contextOf(sender, replyTo);
    if (text !== undefined) {
      const asked = referredProduct && {
        context: {
          from: webhooks.sourceOf(sender.phoneNumberId).displayPhoneNumber,
          ...context.context,
          referred_product: referredProduct,
        },
      };
      return { ...context, ...asked, ...(referral && { referral }), type: "text", text: { body: text } };
    }
    if (input.message) return { ...context, ...input.message };
    if (input.unsupported) return { ...context, type: "unsupported", errors: [unsupported] };
    for (const kind of ["image", "video", "audio", "document", "sticker"] as const) {
      const file = input[kind];
      if (file) return { ...context, ...fileOf(kind, sender, file) };
    }
    for (const kind of ["location", "contacts", "order"] as const) {
      if (input[kind]) return { ...context, type: kind, [kind]: input[kind] };
    }
    throw new CustomerProblem("There is nothing to send.");
  }

  function receive(sender: InboundSender, message: Content): CustomerAct {
    const { message: received, webhook } = webhooks.receive({ ...sender, message });
    const shown = chats.find(received.id);
    return { ...(shown && { message: shown }), webhook };
  }

  return {
    send(customer, input) {
      const sender = senderOf(customer, input);
      return receive(sender, contentOf(customer, sender, input));
    },
    prefer(customer, { value, ...context }) {
      return { webhook: webhooks.prefer({ ...senderOf(customer, context), value }) };
    },
    changeNumber(customer, { to, ...context }) {
      const sender = senderOf(customer, context);
      const next = to.replace(/\D/g, "");
      const body = `User ${sender.profileName ?? "Sandbox User"} changed from ${sender.from ?? customer} to ${next}`;
      return receive(sender, { type: "system", system: { body, wa_id: next, type: "user_changed_number" } });
    },
    read(customer, which) {
      const unread = receivedBy(customer, senderOf(customer, which)).filter(
        ({ status }) => status !== "read" && status !== "played" && status !== "failed",
      );
      for (const { id } of unread.toReversed()) {
        const message = chats.accepted(id);
        if (message) webhooks.choose(message, { status: "read", afterMs: 0 });
      }
      return unread.flatMap(({ id }) => chats.find(id) ?? []).toReversed();
    },
  };
}

/** Meta's words (Cloud API, "Webhooks: unsupported messages"). */
const unsupported = {
  code: 131051,
  title: "Message type unknown",
  message: "Message type unknown",
  error_data: { details: "Message type is currently not supported." },
};

/** A quick reply of a template of which nothing is known: it has its label as payload. */
function labelOf(label: string): Offer {
  return { kind: "template", id: label, title: label };
}

function answerTo({ kind, id, title, description }: Offer): Content {
  if (kind === "template") return { type: "button", button: { payload: id, text: title } };
  if (kind === "button")
    return { type: "interactive", interactive: { type: "button_reply", button_reply: { id, title } } };
  const row = { id, title, ...(description !== undefined && { description }) };
  return { type: "interactive", interactive: { type: "list_reply", list_reply: row } };
}

/** Whether a customer is named by a business-scoped user id; otherwise by a phone number. */
export function isUserId(customer: string): boolean {
  return /^[A-Z]{2}\./.test(customer);
}

function keyOf(customer: string): string {
  return isUserId(customer) ? customer : customer.replace(/\D/g, "");
}
