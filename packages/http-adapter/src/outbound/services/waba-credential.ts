import { Secret } from "@message-sender/core";
import { type Credential, mostPerSecond } from "@message-sender/core/adapter";
import { z } from "zod";

/** The Tenant Service and the tenants file describe an outlet's credential by the same fields. */
export const wabaFields = {
  waba_access_token: z.string().regex(/^[\x21-\x7e]{1,4096}$/),
  phone_number_id: z.string().regex(/^\d{1,32}$/),
  waba_id: z
    .string()
    .regex(/^\d{1,32}$/)
    .optional(),
  throughput_per_second: z.int().min(1).max(mostPerSecond).nullish(),
};

type WabaFields = z.infer<z.ZodObject<typeof wabaFields>>;

export function credentialOf(fields: WabaFields): Credential {
  const { throughput_per_second: throughputPerSecond } = fields;
  return {
    accessToken: new Secret(fields.waba_access_token),
    phoneNumberId: fields.phone_number_id,
    ...(fields.waba_id !== undefined && { wabaId: fields.waba_id }),
    ...(typeof throughputPerSecond === "number" && { throughputPerSecond }),
  };
}
