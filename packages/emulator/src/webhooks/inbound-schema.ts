import { z } from "#zod";

import type { WebhookError } from "./webhook-payload.ts";

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
  /** The number that it is about. */
  readonly phoneNumberId?: string;
  /** The account that it is about, if it is about no number. */
  readonly wabaId?: string;
  readonly field: string;
  /**
   * Meta's own value. With a `phoneNumberId`, `messaging_product` and `metadata` are added unless it has them; with a `wabaId`
   * nothing is.
   */
  readonly value: Readonly<Record<string, unknown>>;
}

/** Errors of WhatsApp that are about no single message. */
export interface ErrorsChange {
  readonly phoneNumberId: string;
  readonly errors: readonly [WebhookError, ...WebhookError[]];
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

export const rawChangeSchema = z
  .strictObject({
    phoneNumberId: z.string().min(1).exactOptional(),
    wabaId: z.string().min(1).exactOptional(),
    field: z.string().min(1),
    value: z.record(z.string(), z.unknown()),
  })
  .refine(({ phoneNumberId, wabaId }) => (phoneNumberId === undefined) !== (wabaId === undefined), {
    error: "exactly one of phoneNumberId and wabaId is required",
  });

export const errorsSchema = z.strictObject({
  phoneNumberId: z.string().min(1),
  errors: z
    .tuple([errorSchema()], errorSchema())
    .describe("Each with a code of Meta's. `details` are the code's title by default."),
});

function errorSchema() {
  return z.strictObject({ code: z.int().min(0), details: z.string().exactOptional() });
}
