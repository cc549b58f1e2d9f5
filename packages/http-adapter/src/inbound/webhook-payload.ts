import { type Failure, isWamid, type Pricing, type StatusUpdate } from "@message-sender/core";
import { z } from "zod";

/** Makes one of Meta's error objects a failure; undefined where it is none. */
export type DescribeFailure = (error: unknown) => Failure | undefined;

const wamid = z.string().refine(isWamid);
/** Meta writes a time in whole seconds, mostly as text. */
export const seconds = z
  .union([z.string().regex(/^[0-9]{1,11}$/), z.int().min(0).max(99_999_999_999)])
  .transform((value) => new Date(Number(value) * 1000));

const word = z
  .string()
  .regex(/^[\x20-\x7e]{1,100}$/)
  .optional()
  .catch(undefined);

const pricingSchema = z.object({
  billable: z.boolean().optional().catch(undefined),
  pricing_model: word,
  category: word,
  type: word,
});

const statusSchema = z.object({
  id: wamid,
  status: z.enum(["sent", "delivered", "read", "played", "failed"]),
  timestamp: seconds,
  biz_opaque_callback_data: z.string().max(512).optional(),
  errors: z.array(z.unknown()).optional().catch(undefined),
  pricing: pricingSchema.optional().catch(undefined),
});

const changeSchema = z.object({
  field: z.literal("messages"),
  value: z.object({
    metadata: z.object({ phone_number_id: z.string() }),
    statuses: z.array(z.unknown()),
  }),
});

const payloadSchema = z.object({
  object: z.literal("whatsapp_business_account"),
  entry: z.array(z.object({ changes: z.array(z.unknown()) }).catch({ changes: [] })),
});

/** The status updates of a webhook. What is not one, or is odd, is left out: it must not hold up the others. */
export function parseStatusUpdates(body: unknown, describeFailure: DescribeFailure): readonly StatusUpdate[] {
  return changesOf(body).flatMap((change) => {
    const parsed = changeSchema.safeParse(change);
    if (!parsed.success) return [];
    const { metadata, statuses } = parsed.data.value;
    return statuses.flatMap((status) => updateOf(status, metadata.phone_number_id, describeFailure) ?? []);
  });
}

/** What a webhook of a WhatsApp account consists of. */
export function changesOf(body: unknown): readonly unknown[] {
  const payload = payloadSchema.safeParse(body);
  return payload.success ? payload.data.entry.flatMap(({ changes }) => changes) : [];
}

function updateOf(value: unknown, phoneNumberId: string, describeFailure: DescribeFailure): StatusUpdate | undefined {
  const parsed = statusSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { id, status, timestamp, biz_opaque_callback_data: callbackData, errors } = parsed.data;
  const failure = status === "failed" ? describeFailure(errors?.[0]) : undefined;
  const pricing = parsed.data.pricing && pricingOf(parsed.data.pricing);
  return {
    wamid: id,
    phoneNumberId,
    status,
    at: timestamp,
    ...(callbackData !== undefined && { callbackData }),
    ...(failure && { failure }),
    ...(pricing && { pricing }),
  };
}

function pricingOf({ billable, pricing_model, category, type }: z.infer<typeof pricingSchema>): Pricing | undefined {
  const pricing = {
    ...(billable !== undefined && { billable }),
    ...(pricing_model !== undefined && { model: pricing_model }),
    ...(category !== undefined && { category }),
    ...(type !== undefined && { type }),
  };
  return Object.keys(pricing).length > 0 ? pricing : undefined;
}
