import { runServer } from "@message-sender/server/run";
import type { Settings } from "@message-sender/server/settings";

import { version } from "../version.ts";

/** Runs the server until a signal ends it. With `sandbox`, emulators replace the services that it calls. */
export function serve(settings: Settings, { sandbox }: { readonly sandbox: boolean }): Promise<number> {
  return runServer(settings, {
    version,
    ...(sandbox && {
      async startSandbox() {
        const { startSandbox } = await import("@message-sender/emulator");
        return startSandbox({ webhooks: { delayMs: 1000 }, allowedHosts: settings.ALLOWED_HOSTS ?? [] });
      },
    }),
  });
}
