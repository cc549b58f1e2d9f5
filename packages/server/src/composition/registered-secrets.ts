import { Secret } from "@message-sender/core";
import type { Credentials } from "@message-sender/core/adapter";
import type { CallbackReceiver, CallbackReceivers } from "@message-sender/http-adapter/outbound";

import type { LogRedaction } from "../log/log-redaction.ts";

// Whatever hands a secret to a part of the service registers it first, so that no line of the log shows it.

/** An option that is a secret. It is registered for good. */
export function registered(value: string | Secret, secrets: Pick<LogRedaction, "keep">): Secret {
  const secret = typeof value === "string" ? new Secret(value) : value;
  secrets.keep(secret);
  return secret;
}

/** The URL of a proxy, whose password is registered for good. */
export function registeredProxyUrl(url: string | Secret, secrets: Pick<LogRedaction, "keep">): string {
  const text = typeof url === "string" ? url : url.reveal();
  const { password } = new URL(text);
  if (password !== "") secrets.keep(new Secret(decodeURIComponent(password)));
  return text;
}

/** Registers each access token that is looked up. */
export function registeringCredentials(credentials: Credentials, secrets: Pick<LogRedaction, "add">): Credentials {
  return {
    ...credentials,
    lookup: (outlet, refused) =>
      credentials.lookup(outlet, refused).andTee(({ accessToken }) => secrets.add(accessToken)),
  };
}

/** Registers the signing secret of each receiver that is looked up. */
export function registeringReceivers(
  receivers: CallbackReceivers,
  secrets: Pick<LogRedaction, "add">,
): CallbackReceivers {
  const register = (receiver: CallbackReceiver | "none" | undefined): void => {
    if (receiver !== undefined && receiver !== "none") secrets.add(receiver.secret);
  };
  return {
    ...receivers,
    known(tenantId) {
      const receiver = receivers.known(tenantId);
      register(receiver);
      return receiver;
    },
    lookup: (tenantId) => receivers.lookup(tenantId).andTee(register),
  };
}
