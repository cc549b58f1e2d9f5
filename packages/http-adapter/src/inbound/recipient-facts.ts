import { isIdentifier, isPhoneNumber, isUserId, type RecipientFact } from "@message-sender/core";
import { z } from "zod";

import { changesOf, seconds } from "./webhook-payload.ts";

const list = z.array(z.unknown()).optional().catch(undefined);

const changeSchema = z.object({
  field: z.enum(["messages", "calls", "user_preferences"]),
  value: z.object({
    metadata: z.object({ phone_number_id: z.string().refine(isIdentifier) }),
    messages: list,
    calls: list,
    user_preferences: list,
  }),
});

/** WhatsApp's webhooks write a phone number without its `+`. */
const phone = z
  .string()
  .transform((digits) => `+${digits}`)
  .refine(isPhoneNumber)
  .optional()
  .catch(undefined);
const userId = z.string().refine(isUserId).optional().catch(undefined);
const sender = { from: phone, from_user_id: userId, from_parent_user_id: userId, timestamp: seconds };

/** What one element of each field says, of whom and when. What a group is told, and what WhatsApp itself says, opens no window. */
const schemas = {
  messages: z
    .object({ ...sender, type: z.string().refine((type) => type !== "system"), group_id: z.never().optional() })
    .transform(wrote),
  calls: z.object({ ...sender, event: z.literal("connect"), direction: z.literal("USER_INITIATED") }).transform(wrote),
  user_preferences: z
    .object({
      wa_id: phone,
      user_id: userId,
      parent_user_id: userId,
      category: z.literal("marketing_messages"),
      value: z.enum(["stop", "resume"]),
      timestamp: seconds,
    })
    .transform(({ value, timestamp, wa_id, user_id, parent_user_id }) => ({
      kind: value === "stop" ? ("StoppedMarketing" as const) : ("ResumedMarketing" as const),
      at: timestamp,
      names: [wa_id, user_id, parent_user_id],
    })),
};

function wrote({ timestamp, from, from_user_id, from_parent_user_id }: z.output<z.ZodObject<typeof sender>>) {
  return { kind: "Wrote" as const, at: timestamp, names: [from, from_user_id, from_parent_user_id] };
}

/**
 * What a webhook tells of recipients, under each name that it gives them: that they wrote or called, and whether they want
 * marketing. What is odd is left out: it must not hold up the rest.
 */
export function parseRecipientFacts(body: unknown): readonly RecipientFact[] {
  return changesOf(body).flatMap((change) => {
    const parsed = changeSchema.safeParse(change);
    if (!parsed.success) return [];
    const { field, value } = parsed.data;
    return (value[field] ?? []).flatMap((element) => {
      const said = schemas[field].safeParse(element);
      if (!said.success) return [];
      const { kind, at, names } = said.data;
      return names
        .filter((name) => name !== undefined)
        .map((recipient) => ({ kind, at, recipient, phoneNumberId: value.metadata.phone_number_id }));
    });
  });
}
