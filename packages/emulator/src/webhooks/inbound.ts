import type { Audience } from "../graph/people/audience.ts";
import { wamidOf } from "../graph/graph-ids.ts";
import type { Delivery } from "./delivery.ts";
import {
  type InboundMessage,
  inboundSchema,
  type InboundSender,
  type MarketingPreference,
  preferenceSchema,
  type RawChange,
  rawChangeSchema,
} from "./inbound-schema.ts";
import { encodeWebhook, envelopeOf, type WebhookSource } from "./webhook-payload.ts";

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
  /** Sends a signed webhook with the given change, and changes nothing else. Throws on an invalid change. */
  raw(change: RawChange): void;
}

interface InboundDeps {
  readonly now: () => number;
  readonly audience: () => Audience;
  readonly sourceOf: (phoneNumberId: string) => WebhookSource;
  readonly deliver: (delivery: Delivery) => void;
  readonly onMessage: (phoneNumberId: string, id: string) => void;
}

/** Added to the count, so that no id is also that of a message sent to the person. */
const inboundOffset = 2 ** 39;

export function createInbound({ now, audience, sourceOf, deliver, onMessage }: InboundDeps): Inbound {
  let count = 0;

  function identify({ phoneNumberId, from, userId }: InboundSender) {
    const waId = from?.replace(/\D/g, "");
    const person = { phoneNumberId, ...(waId !== undefined && { waId }), ...(userId !== undefined && { userId }) };
    return { person, waId, userId: audience().idOf(person) };
  }

  function sendChange(kind: Delivery["kind"], { phoneNumberId, field, value }: RawChange): void {
    const body = encodeWebhook(envelopeOf(sourceOf(phoneNumberId), phoneNumberId, field, value));
    deliver({ kind, encode: () => ({ body, statuses: [] }) });
  }

  function sendFrom(sender: InboundSender, change: { kind: Delivery["kind"]; field: string; value: object }): void {
    const { waId, userId } = identify(sender);
    const contact = {
      profile: { name: sender.profileName ?? "Sandbox User" },
      ...(waId !== undefined && { wa_id: waId }),
      user_id: userId,
    };
    const { kind, field, value } = change;
    sendChange(kind, { phoneNumberId: sender.phoneNumberId, field, value: { contacts: [contact], ...value } });
  }

  return {
    inbound(input) {
      const { text, message = { type: "text", text: { body: text } }, ...sender } = inboundSchema.parse(input);
      const { person, waId, userId } = identify(sender);
      count += 1;
      const id = wamidOf(waId ?? userId, inboundOffset + count);
      const at = now();
      audience().heardFrom(person, at);
      onMessage(sender.phoneNumberId, id);
      const received = {
        ...(waId !== undefined && { from: waId }),
        from_user_id: userId,
        id,
        timestamp: String(Math.floor(at / 1000)),
        ...message,
      };
      sendFrom(sender, { kind: "message", field: "messages", value: { messages: [received] } });
      return id;
    },
    preference(input) {
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
      sendFrom(sender, {
        kind: "preference",
        field: "user_preferences",
        value: { user_preferences: [preference] },
      });
    },
    raw: (change) => sendChange("raw", rawChangeSchema.parse(change)),
  };
}
