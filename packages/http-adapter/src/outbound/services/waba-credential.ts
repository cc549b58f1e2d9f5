import { Secret } from "@message-sender/core";
import { type Credential, mostPerSecond, type Provider } from "@message-sender/core/adapter";
import { z } from "zod";

import {
  isAuthHeader,
  isAuthScheme,
  isMessagesPath,
  isProviderUrl,
  providerPatterns,
} from "../http/provider-fields.ts";

/** Where the outlet's messages go instead of Meta. */
export const providerFields = {
  url: z.string().refine(isProviderUrl).meta(providerPatterns.url),
  messages_path: z.string().refine(isMessagesPath).meta(providerPatterns.messages_path).nullish(),
  auth_header: z.string().refine(isAuthHeader).meta(providerPatterns.auth_header).nullish(),
  auth_scheme: z.string().refine(isAuthScheme).meta(providerPatterns.auth_scheme).nullish(),
};

type ProviderFields = z.infer<z.ZodObject<typeof providerFields>>;

/** The Tenant Service and the tenants file describe an outlet's credential by the same fields. */
export const wabaFields = {
  waba_access_token: z.string().regex(/^[\x21-\x7e]{1,4096}$/),
  phone_number_id: z.string().regex(/^\d{1,32}$/),
  waba_id: z
    .string()
    .regex(/^\d{1,32}$/)
    .optional(),
  throughput_per_second: z.int().min(1).max(mostPerSecond).nullish(),
  provider: z.strictObject(providerFields).nullish(),
  template_messages_via: z.enum(["cloud", "marketing"]).nullish(),
};

type WabaFields = z.infer<z.ZodObject<typeof wabaFields>>;

export function credentialOf(fields: WabaFields): Credential {
  const { throughput_per_second: throughputPerSecond, provider, template_messages_via: templateMessagesVia } = fields;
  return {
    accessToken: new Secret(fields.waba_access_token),
    phoneNumberId: fields.phone_number_id,
    ...(fields.waba_id !== undefined && { wabaId: fields.waba_id }),
    ...(typeof throughputPerSecond === "number" && { throughputPerSecond }),
    ...(provider && { provider: providerOf(provider) }),
    ...(templateMessagesVia && { templateMessagesVia }),
  };
}

function providerOf(fields: ProviderFields): Provider {
  const { url, messages_path: messagesPath, auth_header: authHeader, auth_scheme: authScheme } = fields;
  return {
    url,
    ...(typeof messagesPath === "string" && { messagesPath }),
    ...(typeof authHeader === "string" && { authHeader }),
    ...(typeof authScheme === "string" && { authScheme }),
  };
}
