import { z } from "#zod";

/** A file that a customer sends. Without `data`, a small sample of its kind. */
export interface CustomerFile {
  /** In base64. */
  readonly data?: string;
  readonly mimeType?: string;
  readonly caption?: string;
  readonly filename?: string;
  /** Of an audio: whether it was recorded as a voice message. */
  readonly voice?: boolean;
}

/** Which number a customer writes to, and how they are shown. */
export interface CustomerContext {
  /** Default: the number that last exchanged a message with the customer, or else the sandbox's first. */
  readonly phoneNumberId?: string;
  /** Default: `Sandbox User`. */
  readonly profileName?: string;
  /** The id of the message that the customer answers. */
  readonly replyTo?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** What a customer sends: exactly one of these. */
export interface CustomerContent {
  readonly text?: string;
  /** Presses a button of a message, by its label or its id. */
  readonly press?: string;
  /** Chooses a row of a list, by its label or its id. */
  readonly choose?: string;
  /** Completes the form of a flow message with these values. */
  readonly submit?: Fields;
  /** Reacts to a message; an empty text takes the reaction back. */
  readonly react?: string;
  readonly image?: CustomerFile;
  readonly video?: CustomerFile;
  readonly audio?: CustomerFile;
  readonly document?: CustomerFile;
  readonly sticker?: CustomerFile;
  /** Meta's objects of these types. */
  readonly location?: Fields;
  readonly contacts?: readonly Fields[];
  readonly order?: Fields;
  /** Something that the Cloud API cannot show. */
  readonly unsupported?: true;
  /** Any other message: Meta's own object, with its `type`. */
  readonly message?: Fields & { readonly type: string };
}

export interface CustomerMessage extends CustomerContext, CustomerContent {
  /** The ad through which the customer came (Meta's object); with `text`. */
  readonly referral?: Fields;
  /** The product that the customer asks about (Meta's object); with `text`. */
  readonly referredProduct?: Fields;
}

const fields = z.record(z.string(), z.unknown());
const file = z.strictObject({
  data: z.base64().describe("The bytes in base64. Without it: a small sample.").exactOptional(),
  mimeType: z.string().min(1).exactOptional(),
  caption: z.string().exactOptional(),
  filename: z.string().exactOptional(),
  voice: z.boolean().exactOptional(),
});
const phoneNumberId = z
  .string()
  .min(1)
  .describe("Default: the number that last exchanged a message with the customer, or else the sandbox's first.")
  .exactOptional();

const content = {
  text: z.string().exactOptional(),
  press: z.string().describe("A button of a message to the customer, by its label or its id.").exactOptional(),
  choose: z.string().describe("A row of a list, by its label or its id.").exactOptional(),
  submit: fields.describe("The values with which the form of a flow message is completed.").exactOptional(),
  react: z.string().describe("An emoji; an empty text takes the reaction back.").exactOptional(),
  image: file.exactOptional(),
  video: file.exactOptional(),
  audio: file.exactOptional(),
  document: file.exactOptional(),
  sticker: file.exactOptional(),
  location: fields.exactOptional(),
  contacts: z.array(fields).min(1).exactOptional(),
  order: fields.exactOptional(),
  unsupported: z.literal(true).exactOptional(),
  message: z.looseObject({ type: z.string().min(1) }).exactOptional(),
} satisfies Record<keyof CustomerContent, z.ZodType>;

const contentKinds = Object.keys(content) as (keyof CustomerContent)[];

export const customerMessageSchema: z.ZodType<CustomerMessage> = z
  .strictObject({
    ...content,
    phoneNumberId,
    profileName: z.string().exactOptional(),
    replyTo: z
      .string()
      .min(1)
      .describe(
        "The message that is answered, reacted to, or whose button is pressed. Default of the last two: the latest.",
      )
      .exactOptional(),
    referral: fields.exactOptional(),
    referredProduct: fields.exactOptional(),
  })
  .refine((input) => contentKinds.filter((kind) => input[kind] !== undefined).length === 1, {
    error: `exactly one of ${contentKinds.join(", ")} is required`,
  });

export const customerPreferenceSchema = z.strictObject({
  value: z.enum(["stop", "resume"]),
  phoneNumberId,
  profileName: z.string().exactOptional(),
});

export const numberChangeSchema = z.strictObject({
  to: z.string().regex(/\d/).describe("The customer's new phone number."),
  phoneNumberId,
});

export const customerReadSchema = z.strictObject({ phoneNumberId });
