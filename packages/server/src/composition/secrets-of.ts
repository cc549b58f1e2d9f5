import type { Secret } from "@message-sender/core";

import { secretOf } from "./secret-of.ts";
import type { ServiceOptions } from "../service-options.ts";

/** The secrets among the options of a service. */
export function secretsOf({ serviceToken, webhooks, webhookForwarding }: ServiceOptions): readonly Secret[] {
  const given = [serviceToken, webhooks?.appSecret, webhooks?.verifyToken, webhookForwarding?.secret];
  return given.flatMap((value) => (value === undefined ? [] : [value].flat().map(secretOf)));
}
