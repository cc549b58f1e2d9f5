import { z } from "#zod";

import type { ChatMessage } from "./chat-message.ts";

const pattern = z.string().superRefine((source, context) => {
  try {
    void new RegExp(source, "u");
  } catch {
    context.addIssue({ code: "custom", message: "is not a regular expression" });
  }
});

/** Which messages are meant. A message must have all that is given. */
export const messageMatchSchema = z.object({
  to: z.string().describe("The customer: a phone number in any form, or a business-scoped user id.").exactOptional(),
  phoneNumberId: z.string().describe("The number of the business.").exactOptional(),
  direction: z.enum(["out", "in"]).default("out").describe("`out`: the business sent it."),
  type: z.string().describe("Meta's type, such as `text` or `template`.").exactOptional(),
  text: z.string().describe("Occurs in what the person reads.").exactOptional(),
  pattern: pattern.describe("A regular expression of JavaScript for what the person reads.").exactOptional(),
  flags: z
    .string()
    .regex(/^[ismu]*$/)
    .describe("Flags of the regular expression: `i`, `s`, `m`.")
    .exactOptional(),
  status: z
    .enum(["accepted", "sent", "delivered", "read", "played", "failed"])
    .describe("The last status that was reported.")
    .exactOptional(),
  after: z.coerce.number().int().min(0).default(0).describe("Only messages with a higher `seq`."),
});

export type MessageMatch = z.output<typeof messageMatchSchema>;

/** Compiles a match once, for many messages. */
export function matcherOf(match: MessageMatch): (message: ChatMessage) => boolean {
  const { to, phoneNumberId, direction, type, text, pattern: source, flags = "", status, after } = match;
  const expression = source === undefined ? undefined : new RegExp(source, flags);
  const customer = to === undefined || /^[A-Z]{2}\./.test(to) ? to : to.replace(/\D/g, "");
  return (message) =>
    message.seq > after &&
    message.direction === direction &&
    (customer === undefined || message.customer === customer) &&
    (phoneNumberId === undefined || message.phoneNumberId === phoneNumberId) &&
    (type === undefined || message.type === type) &&
    (status === undefined || message.status === status) &&
    (text === undefined || message.text.includes(text)) &&
    (expression === undefined || expression.test(message.text));
}
