import { isReference, longestMs } from "@message-sender/core/adapter";
import { z } from "zod";

import {
  identifierField,
  isAbsent,
  orMissing,
  recipientField,
  requestBody,
  stringField,
  wamidField,
} from "../fields/request-field.ts";

const ttlRule = "must be a whole number of seconds, from 1 to ten years";

/** What a caller's own id of a message may be. */
export function isReferenceField(text: string): boolean {
  return isReference(text) && !/\p{Cc}/u.test(text);
}

/** The body of a send. */
export const sendBody = requestBody({
  tenant_id: identifierField.describe("The customer of the platform who sends the message."),
  outlet_id: identifierField.describe("The tenant's outlet, whose WhatsApp number sends the message."),
  conversation_id: identifierField.describe("The conversation in whose history the message is stored."),
  to: recipientField.describe("The recipient: an E.164 number with a leading +, or a business-scoped user id."),
  message_type: stringField.describe("Meta's `type` of the message."),
  message: z
    .unknown()
    .refine((given) => !isAbsent(given), { error: "is missing" })
    .describe("Meta's object of that type. A text may also be given as a string."),
  reply_to: wamidField.nullish().describe("The WhatsApp id of the message to which this one replies."),
  reference: stringField
    .refine(isReferenceField, {
      error: "must be a string of up to 255 characters without control characters",
    })
    .meta({ maxLength: 255 })
    .nullish()
    .describe("Your own id of the message. Answers and callbacks repeat it."),
  on_ambiguous: z
    .enum(["resend", "verify", "hold"], { error: "must be resend, verify or hold" })
    .nullish()
    .describe(
      "What happens when WhatsApp gave no readable answer and may have sent the message. `resend`: send it again. `verify`: wait for a status webhook first. `hold`: stop. Default: the server's ON_AMBIGUOUS.",
    ),
  via: z
    .enum(["cloud", "marketing"], { error: "must be cloud or marketing" })
    .nullish()
    .describe(
      "Which of Meta's APIs sends the message. `marketing`: the Marketing Messages API, which takes templates only. Default: the outlet's `template_messages_via`.",
    ),
  ttl_seconds: z
    .int({ error: ttlRule })
    .min(1, { error: ttlRule })
    .max(longestMs / 1000, { error: ttlRule })
    .nullish()
    .describe(
      "How long attempts may begin. A queued message that is not sent by then expires: default the server's DEFAULT_TTL_SECONDS. A call that waits ends by then, if not before.",
    ),
  scheduled_at: z.iso
    .datetime({ offset: true, error: orMissing("must be a date and time with an offset, as RFC 3339 writes them") })
    .nullish()
    .describe(
      "When to send it: the message is queued until then. A time that has passed means now. At most the server's RETENTION_DAYS ahead.",
    ),
}).meta({ id: "SendMessage" });

export type SendBody = z.output<typeof sendBody>;
