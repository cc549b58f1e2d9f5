import type { ChatMessage } from "../chats/chat-message.ts";
import type { CustomerContext, CustomerMessage } from "../customers/customer-schema.ts";
import type { CustomerAct } from "../customers/customers.ts";
import type { Call } from "./call.ts";
import type { Customer } from "./test-client.ts";

type Reference = string | { readonly id: string };

export function createCustomer(call: Call, phone: string, context: Omit<CustomerContext, "replyTo"> = {}): Customer {
  const { profileName: _, ...number } = context;

  /** The control API answers as its document says, which a test compares. */
  const act = async (action: string, body: object) =>
    (await call("POST", `/customers/${encodeURIComponent(phone)}/${action}`, body)) as CustomerAct;
  const send = (message: CustomerMessage) => act("messages", { ...context, ...message });
  const reply = (to: Reference | undefined) => (to === undefined ? {} : { replyTo: idOf(to) });

  return {
    phone,
    says: (text, more) => send({ text, ...more }),
    presses: (press, of) => send({ press, ...reply(of) }),
    chooses: (choose, of) => send({ choose, ...reply(of) }),
    reacts: (react, to) => send({ react, ...reply(to) }),
    submits: (submit, of) => send({ submit, ...reply(of) }),
    sendsFile: (kind, file = {}) => send({ [kind]: file }),
    sends: send,
    async reads() {
      const path = `/customers/${encodeURIComponent(phone)}/read`;
      const { messages } = (await call("POST", path, number)) as { messages: readonly ChatMessage[] };
      return messages;
    },
    stopsMarketing: () => act("marketing", { ...context, value: "stop" }),
    resumesMarketing: () => act("marketing", { ...context, value: "resume" }),
    changesNumber: (to) => act("number", { ...number, to }),
  };
}

export function idOf(reference: Reference): string {
  return typeof reference === "string" ? reference : reference.id;
}
