import { z } from "zod";

import type { Audience } from "../graph/audience.ts";
import { wamidOf } from "../graph/graph-ids.ts";
import { encodeWebhook, envelopeOf, type WebhookSource } from "./webhook-payload.ts";
import type { Delivery } from "./webhook-sender.ts";

interface Sender {
  readonly phoneNumberId: string;
  /** The person's phone number; without it `userId` is all that the webhook tells of them. */
  readonly from?: string;
  /** Default: one derived from `from`. */
  readonly userId?: string;
  readonly profileName?: string;
}

/** A message of a person to a number. */
export interface InboundMessage extends Sender {
  readonly text?: string;
  /** Meta's own, with its `type`, instead of a text. */
  readonly message?: Readonly<Record<string, unknown>>;
}

/** A person's wish for no more marketing, or for marketing again. */
export interface MarketingPreference extends Sender {
  readonly value: "stop" | "resume";
}

/** A change as it is given, such as a payment's update in `statuses`, or one of a template. */
export interface RawChange {
  readonly phoneNumberId: string;
  readonly field: string;
  /** Meta's own; what it leaves out of `messaging_product` and `metadata` is added. */
  readonly value: Readonly<Record<string, unknown>>;
}

export interface Inbound {
  /** Opens the window of the two, and says so to the target if there is one; returns the message's id. */
  inbound(message: InboundMessage): string;
  /** From `stop` to `resume`, marketing templates to the person are refused with 131050. */
  preference(preference: MarketingPreference): void;
  /** Says what is given to the target if there is one, signed, and changes nothing here. */
  raw(change: RawChange): void;
}

interface InboundDeps {
  readonly now: () => number;
  readonly audience: () => Audience;
  readonly sourceOf: (phoneNumberId: string) => WebhookSource;
  readonly deliver: (delivery: Delivery) => void;
  readonly onMessage: (phoneNumberId: string, id: string) => void;
}

const sender = {
  phoneNumberId: z.string().min(1),
  from: z.string().regex(/\d/).exactOptional(),
  userId: z.string().min(1).exactOptional(),
  profileName: z.string().exactOptional(),
};
const isSomebody = [
  (input: { from?: string; userId?: string }) => input.from !== undefined || input.userId !== undefined,
  { error: "from or userId must be given" },
] as const;

export const inboundSchema = z
  .strictObject({
    ...sender,
    text: z.string().exactOptional(),
    message: z.looseObject({ type: z.string() }).exactOptional(),
  })
  .refine(...isSomebody)
  .refine(({ text, message }) => (text === undefined) !== (message === undefined), {
    error: "either text or message must be given",
  });

export const preferenceSchema = z.strictObject({ ...sender, value: z.enum(["stop", "resume"]) }).refine(...isSomebody);

export const rawChangeSchema: z.ZodType<RawChange> = z.strictObject({
  phoneNumberId: z.string().min(1),
  field: z.string().min(1),
  value: z.record(z.string(), z.unknown()),
});

/** A mark in the count, so that no id is also that of a message sent to the person. */
const received = 2 ** 39;

export function createInbound({ now, audience, sourceOf, deliver, onMessage }: InboundDeps): Inbound {
  let count = 0;

  function whoIs({ phoneNumberId, from, userId }: Sender) {
    const waId = from?.replace(/\D/g, "");
    const person = { phoneNumberId, ...(waId !== undefined && { waId }), ...(userId !== undefined && { userId }) };
    return { person, waId, userId: audience().idOf(person) };
  }

  function tell(kind: Delivery["kind"], { phoneNumberId, field, value }: RawChange): void {
    const body = encodeWebhook(envelopeOf(sourceOf(phoneNumberId), phoneNumberId, field, value));
    deliver({ kind, encode: () => ({ body, statuses: [] }) });
  }

  function send(kind: Delivery["kind"], field: string, from: Sender, what: object): void {
    const { waId, userId } = whoIs(from);
    const contact = {
      profile: { name: from.profileName ?? "Sandbox User" },
      ...(waId !== undefined && { wa_id: waId }),
      user_id: userId,
    };
    tell(kind, { phoneNumberId: from.phoneNumberId, field, value: { contacts: [contact], ...what } });
  }

  return {
    inbound(input) {
      const { text, message = { type: "text", text: { body: text } }, ...from } = inboundSchema.parse(input);
      const { person, waId, userId } = whoIs(from);
      count += 1;
      const id = wamidOf(waId ?? userId, received + count);
      const at = now();
      audience().heardFrom(person, at);
      onMessage(from.phoneNumberId, id);
      send("message", "messages", from, {
        messages: [
          {
            ...(waId !== undefined && { from: waId }),
            from_user_id: userId,
            id,
            timestamp: String(Math.floor(at / 1000)),
            ...message,
          },
        ],
      });
      return id;
    },
    preference(input) {
      const { value, ...from } = preferenceSchema.parse(input);
      const { person, waId, userId } = whoIs(from);
      audience().setMarketing(person, value);
      send("preference", "user_preferences", from, {
        user_preferences: [
          {
            ...(waId !== undefined && { wa_id: waId }),
            user_id: userId,
            detail: `User requested to ${value} marketing messages`,
            category: "marketing_messages",
            value,
            timestamp: Math.floor(now() / 1000),
          },
        ],
      });
    },
    raw: (change) => tell("raw", rawChangeSchema.parse(change)),
  };
}
