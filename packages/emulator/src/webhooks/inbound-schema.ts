import { z } from "zod";

/** The person that a webhook is about. */
export interface InboundSender {
  readonly phoneNumberId: string;
  /** The person's phone number. Without it, the webhook identifies them by `userId` alone. */
  readonly from?: string;
  /** The person's business-scoped user id. Default: one derived from `from`. */
  readonly userId?: string;
  /** Default: `Sandbox User`. */
  readonly profileName?: string;
}

/** A message from a person to a number. */
export interface InboundMessage extends InboundSender {
  readonly text?: string;
  /** Meta's own message object, with its `type`, instead of `text`. */
  readonly message?: Readonly<Record<string, unknown>>;
}

/** A person asks for no more marketing messages, or for marketing messages again. */
export interface MarketingPreference extends InboundSender {
  readonly value: "stop" | "resume";
}

/** A change sent as it is given, such as a payment's update in `statuses` or a template's status. */
export interface RawChange {
  readonly phoneNumberId: string;
  readonly field: string;
  /** Meta's own value. `messaging_product` and `metadata` are added unless it has them. */
  readonly value: Readonly<Record<string, unknown>>;
}

const sender = {
  phoneNumberId: z.string().min(1),
  from: z.string().regex(/\d/).exactOptional(),
  userId: z.string().min(1).exactOptional(),
  profileName: z.string().exactOptional(),
};

const isIdentified = [
  (input: { from?: string; userId?: string }) => input.from !== undefined || input.userId !== undefined,
  { error: "from or userId is required" },
] as const;

export const inboundSchema = z
  .strictObject({
    ...sender,
    text: z.string().exactOptional(),
    message: z.looseObject({ type: z.string() }).exactOptional(),
  })
  .refine(...isIdentified)
  .refine(({ text, message }) => (text === undefined) !== (message === undefined), {
    error: "exactly one of text and message is required",
  });

export const preferenceSchema = z
  .strictObject({ ...sender, value: z.enum(["stop", "resume"]) })
  .refine(...isIdentified);

export const rawChangeSchema: z.ZodType<RawChange> = z.strictObject({
  phoneNumberId: z.string().min(1),
  field: z.string().min(1),
  value: z.record(z.string(), z.unknown()),
});
