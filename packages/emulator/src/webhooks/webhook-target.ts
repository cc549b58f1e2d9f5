import { z } from "zod";

import { isMetadataUrl } from "./metadata-addresses.ts";

/** Where webhooks go, and the secret that signs them. */
export interface WebhookTarget {
  readonly url: string;
  readonly appSecret: string;
}

export const targetSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).refine((url) => !isMetadataUrl(url), {
    error: "must not lead to a link-local address or a cloud's metadata service",
  }),
  appSecret: z.string().min(1),
});
