import { type AccessCheck, createHttpApp } from "@message-sender/http-adapter/inbound";

import { defined } from "../defined.ts";
import type { CompositionOptions } from "./composition-options.ts";
import { registered } from "./registered-secrets.ts";
import { type Provide, tokens } from "./tokens.ts";

/** The HTTP API of the sender. */
export function provideHttpApp(provide: Provide, options: CompositionOptions): void {
  const { access = nobody, metrics, telemetry, webhooks, redaction: secrets } = options;
  const { allowedHosts, foreignOrigins, trustedProxies, apiKeys, logger } = options;
  provide(tokens.app, (get) =>
    createHttpApp({
      sender: get(tokens.sender),
      clock: get(tokens.clock),
      access,
      ...defined({ allowedHosts, foreignOrigins, trustedProxies, apiKeys, logger }),
      // The log has a line of its own for each request.
      ...((metrics ?? telemetry) && { telemetry: get(tokens.telemetry) }),
      ...(metrics && { metrics }),
      ...(options.store.backup && { backup: options.store.backup }),
      ...(webhooks && {
        webhooks: {
          appSecrets: [webhooks.appSecret].flat().map((secret) => registered(secret, secrets)),
          verifyToken: registered(webhooks.verifyToken, secrets),
          describeFailure: get(tokens.graph).describeFailure,
        },
      }),
    }),
  );
}

/** Without `access`, every request to the API is refused: it must not be open by accident. */
const nobody: AccessCheck = () => ({
  refused: "forbidden",
  detail: "This server was started without access rules: give createService the option `access` or `apiKeysFile`.",
});
