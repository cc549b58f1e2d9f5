import { Secret } from "@message-sender/core";

import { secretOf } from "./secret-of.ts";
import type { ServiceOptions } from "../service-options.ts";

/** The secrets among the options of a service. */
export function secretsOf({
  serviceToken,
  webhooks,
  webhookForwarding,
  statusCallbacks,
  proxy,
}: ServiceOptions): readonly Secret[] {
  const ofWebhooks = [webhooks?.appSecret, webhooks?.verifyToken];
  const given = [serviceToken, ...ofWebhooks, webhookForwarding?.secret, statusCallbacks?.secret];
  const ofProxy = proxy ? passwordOf(secretOf(proxy.url)) : [];
  return [...given.flatMap((value) => (value === undefined ? [] : [value].flat().map(secretOf))), ...ofProxy];
}

function passwordOf(url: Secret): readonly Secret[] {
  const { password } = new URL(url.reveal());
  return password === "" ? [] : [new Secret(decodeURIComponent(password))];
}
