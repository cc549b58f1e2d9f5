import { wamidOf } from "../graph/graph-ids.ts";
import type { Audience, Person } from "../graph/people/audience.ts";
import type { Delivery, WebhookScope } from "./delivery.ts";
import {
  type ErrorsChange,
  errorsSchema,
  type InboundMessage,
  inboundSchema,
  type InboundSender,
  type MarketingPreference,
  preferenceSchema,
  type RawChange,
  rawChangeSchema,
} from "./inbound-schema.ts";
import { envelopeOf, errorOf, type WebhookPayload, type WebhookSource } from "./webhook-payload.ts";

/** What customers and WhatsApp do to a number. */
export interface Inbound {
  /**
   * Receives a message from a person: opens the 24-hour window between the two, and sends a webhook when there is a
   * target. Returns the message's id. Throws on an invalid message.
   */
  inbound(message: InboundMessage): string;
  /**
   * Receives a person's marketing preference. Between `stop` and `resume`, marketing templates to them are refused with
   * 131050. Throws on an invalid preference.
   */
  preference(preference: MarketingPreference): void;
  /** Sends a signed webhook with errors that are about no single message. Throws on invalid ones. */
  errors(change: ErrorsChange): void;
  /** Sends a signed webhook with the given change, and changes nothing else. Throws on an invalid change. */
  raw(change: RawChange): void;
}

/** A message from a person, as the number received it. */
export interface ReceivedMessage {
  readonly id: string;
  readonly person: Person;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly profileName?: string;
  /** Meta's object: `from`, `id`, `timestamp`, `type` and the content. */
  readonly message: Readonly<Record<string, unknown>>;
}

/** A webhook that was made. It has an id only if there is a target to which it is sent. */
export interface MadeWebhook {
  readonly id?: string;
  readonly payload: WebhookPayload;
}

/** The same as `Inbound`, with the webhooks that it makes. */
export interface Receiving extends Inbound {
  receive(message: InboundMessage): { readonly message: ReceivedMessage; readonly webhook: MadeWebhook };
  prefer(preference: MarketingPreference): MadeWebhook;
  /** How many messages were received. It may only be raised, so that no id is given twice. */
  receivedCount: number;
}

interface InboundDeps {
  readonly now: () => number;
  readonly audience: () => Audience;
  readonly sourceOf: (phoneNumberId: string) => WebhookSource;
  /** Returns the webhook's id; undefined: there is no target. */
  readonly deliver: (delivery: Omit<Delivery, "id">) => string | undefined;
  readonly onMessage: (message: ReceivedMessage) => void;
}

/** Added to the count, so that no id is also that of a message sent to the person. */
const inboundOffset = 2 ** 39;

interface Change {
  readonly kind: Delivery["kind"];
  readonly field: string;
  readonly value: object;
}

export function createInbound({ now, audience, sourceOf, deliver, onMessage }: InboundDeps): Receiving {
  let count = 0;

  function identify({ phoneNumberId, from, userId }: InboundSender) {
    const waId = from?.replace(/\D/g, "");
    const person = { phoneNumberId, ...(waId !== undefined && { waId }), ...(userId !== undefined && { userId }) };
    return { person, waId, userId: audience().idOf(person) };
  }

  function make(kind: Delivery["kind"], about: WebhookScope, payload: WebhookPayload): MadeWebhook {
    const id = deliver({ kind, about, encode: () => ({ payload, statuses: [] }) });
    return { ...(id !== undefined && { id }), payload };
  }

  function makeOfNumber(phoneNumberId: string, { kind, field, value }: Change): MadeWebhook {
    const source = sourceOf(phoneNumberId);
    return make(kind, { wabaId: source.wabaId, phoneNumberId }, envelopeOf(source, phoneNumberId, field, value));
  }

  function makeFrom(sender: InboundSender, { kind, field, value }: Change): MadeWebhook {
    const { waId, userId } = identify(sender);
    const contact = {
      profile: { name: sender.profileName ?? "Sandbox User" },
      ...(waId !== undefined && { wa_id: waId }),
      user_id: userId,
    };
    return makeOfNumber(sender.phoneNumberId, { kind, field, value: { contacts: [contact], ...value } });
  }

  function receive(input: InboundMessage) {
    const { text, message: given, ...sender } = inboundSchema.parse(input);
    const content = given ?? { type: "text", text: { body: text } };
    const { person, waId, userId } = identify(sender);
    count += 1;
    const id = wamidOf(waId ?? userId, inboundOffset + count);
    const at = now();
    // A notice of WhatsApp's own is no message of the person, and comes without `contacts`.
    const isNotice = content.type === "system";
    if (!isNotice) audience().heardFrom(person, at);
    const message = {
      ...(waId !== undefined && { from: waId }),
      from_user_id: userId,
      id,
      timestamp: String(Math.floor(at / 1000)),
      ...content,
    };
    const { profileName } = sender;
    const received = { id, person, at, ...(profileName !== undefined && { profileName }), message };
    onMessage(received);
    const change = { kind: "message", field: "messages", value: { messages: [message] } } as const;
    const webhook = isNotice ? makeOfNumber(sender.phoneNumberId, change) : makeFrom(sender, change);
    return { message: received, webhook };
  }

  function prefer(input: MarketingPreference): MadeWebhook {
    const { value, ...sender } = preferenceSchema.parse(input);
    const { person, waId, userId } = identify(sender);
    audience().setMarketing(person, value);
    const preference = {
      ...(waId !== undefined && { wa_id: waId }),
      user_id: userId,
      detail: `User requested to ${value} marketing messages`,
      category: "marketing_messages",
      value,
      timestamp: Math.floor(now() / 1000),
    };
    return makeFrom(sender, {
      kind: "preference",
      field: "user_preferences",
      value: { user_preferences: [preference] },
    });
  }

  return {
    receive,
    prefer,
    get receivedCount() {
      return count;
    },
    set receivedCount(next) {
      count = Math.max(count, next);
    },
    inbound: (input) => receive(input).message.id,
    preference: (input) => void prefer(input),
    errors(input) {
      const { phoneNumberId, errors } = errorsSchema.parse(input);
      makeOfNumber(phoneNumberId, { kind: "errors", field: "messages", value: { errors: errors.map(errorOf) } });
    },
    raw(input) {
      const { phoneNumberId, wabaId, field, value } = rawChangeSchema.parse(input);
      if (phoneNumberId !== undefined) makeOfNumber(phoneNumberId, { kind: "raw", field, value });
      if (wabaId === undefined) return;
      // Meta says of such a change when it was (Graph API, "WhatsApp Business Account": webhooks of templates, of an account).
      const entry = { id: wabaId, time: Math.floor(now() / 1000), changes: [{ value, field }] };
      make("raw", { wabaId }, { object: "whatsapp_business_account", entry: [entry] });
    },
  };
}
