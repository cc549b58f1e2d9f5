import { type AccessCheck, createHttpApp } from "@message-sender/http-adapter/inbound";

import { mountConsole } from "./mount-console.ts";
import { defined } from "../defined.ts";
import type { CompositionOptions } from "./composition-options.ts";
import { registered } from "./registered-secrets.ts";
import { createLoadReadings, watchOverload } from "../overload/watch-overload.ts";
import { type OnClose, type Provide, tokens } from "./tokens.ts";

/** The HTTP API of the sender. */
export function provideHttpApp(provide: Provide, options: CompositionOptions, onClose: OnClose): void {
  const { access = nobody, metrics, telemetry, webhooks, redaction: secrets } = options;
  const { allowedHosts, foreignOrigins, trustedProxies, apiKeys, logger } = options;
  provide(tokens.overload, (get) => {
    const { loopDelayMs = 200, storeWaitMs = 1000 } = options.overload ?? {};
    const readings = createLoadReadings(options.ports?.load ?? get(tokens.store).load);
    const overload = watchOverload({
      limits: { loopDelayMs, storeWaitMs },
      reading: readings.read,
      telemetry: get(tokens.telemetry),
    });
    onClose(async () => {
      overload.stop();
      readings.stop();
    });
    return overload;
  });
  provide(tokens.app, (get) => {
    const app = createHttpApp({
      sender: get(tokens.sender),
      clock: get(tokens.clock),
      access,
      overload: get(tokens.overload),
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
    });
    if (options.console === true) {
      const service = get(tokens.serviceView);
      mountConsole(app, async () => {
        const { createConsole } = await import("@message-sender/console");
        const { sessionSecret } = options;
        const sender = get(tokens.sender);
        const clock = get(tokens.clock);
        return createConsole({ sender, clock, access, service, ...defined({ sessionSecret, logger }) });
      });
    }
    return app;
  });
}

/** Without `access`, every request to the API is refused: it must not be open by accident. */
const nobody: AccessCheck = () => ({
  refused: "forbidden",
  detail: "This server was started without access rules: give createService the option `access` or `apiKeysFile`.",
});
