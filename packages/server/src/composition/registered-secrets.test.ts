import { Secret } from "@message-sender/core";
import type { CallbackReceiver } from "@message-sender/http-adapter/outbound";
import { okAsync } from "neverthrow";
import { expect, it } from "vitest";

import { createLogRedaction } from "../log/log-redaction.ts";
import { registered, registeredProxyUrl, registeringCredentials, registeringReceivers } from "./registered-secrets.ts";

const value = "9f2K-x7Qw-Lm3Z-vT8c-Rb5Y-Jd1N";
const receiver: CallbackReceiver = { url: "https://crm.example.com/callbacks", secret: new Secret(value) };
const receivers = { known: () => receiver, lookup: () => okAsync(receiver), doubt() {} };
const credentials = { lookup: () => okAsync({ accessToken: new Secret(value), phoneNumberId: "106540352242922" }) };

it.each([
  ["an option", (secrets) => registered(value, secrets)],
  ["the password of a proxy", (secrets) => registeredProxyUrl(`http://sender:${value}@proxy.internal:3128`, secrets)],
  ["an access token", (secrets) => registeringCredentials(credentials, secrets).lookup(outlet)],
  ["the secret of a receiver that is known", (secrets) => registeringReceivers(receivers, secrets).known("tenant-1")],
  [
    "the secret of a receiver that is looked up",
    (secrets) => registeringReceivers(receivers, secrets).lookup("tenant-1"),
  ],
] as const satisfies [string, (secrets: ReturnType<typeof createLogRedaction>) => unknown][])(
  "the log never shows %s",
  async (_, use) => {
    const redaction = createLogRedaction();
    expect(redaction.text(`it is ${value}`)).toContain(value);
    expect(await use(redaction)).toBeDefined();
    expect(redaction.text(`it is ${value}`)).toBe("it is [redacted]");
  },
);

const outlet = { tenantId: "tenant-1", outletId: "outlet-1" } as const;
