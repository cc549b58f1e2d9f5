import type { Secret } from "@message-sender/core";

import { secretOf } from "./secret-of.ts";
import type { ServiceOptions } from "../service-options.ts";

/** The secrets among the options of a service. */
export function secretsOf({
  serviceToken,
  webhooks,
  webhookForwarding,
  statusCallbacks,
}: ServiceOptions): readonly Secret[] {
  const ofWebhooks = [webhooks?.appSecret, webhooks?.verifyToken];
  const given = [serviceToken, ...ofWebhooks, webhookForwarding?.secret, statusCallbacks?.secret];
  return given.flatMap((value) => (value === undefined ? [] : [value].flat().map(secretOf)));
}
