import { connectWebhooks } from "@message-sender/server";

import { newKey } from "../support/api-keys.ts";
import { apiKeysFile } from "../support/api-keys.ts";
import { order, startService } from "../support/running-service.ts";
import { startChromium } from "./chromium.ts";
import { looks, watchPage, type WatchedPage } from "./watched-page.ts";

/** A service with a console, whose sandbox reports what became of messages. */
export async function startConsole(environment: Record<string, string> = {}) {
  const service = await startService({ environment, isMeasured: true });
  connectWebhooks(service.sandbox, service.url);
  const browser = await startChromium();

  return {
    ...service,
    /** Sends a message of the tenant acme, and gives its id. */
    async sendTo(
      to: string,
      given: Record<string, unknown> = {},
      headers: Record<string, string> = {},
    ): Promise<string> {
      const ids = { tenant_id: "acme", outlet_id: "jakarta-1", conversation_id: `with-${to.slice(1)}` };
      const { body } = await service.send({ ...order, ...ids, to, ...given }, headers);
      return String(body["message_id"]);
    },
    /** Another browser, with cookies of its own. */
    openBrowser: (look: keyof typeof looks = "light"): Promise<WatchedPage> =>
      watchPage(browser, service.url, looks[look]),
  };
}

/** The same with API keys: `signIn` makes one for these tenants and signs in with it. */
export async function startGuardedConsole() {
  const API_KEYS_FILE = await apiKeysFile();
  const { bearer } = await newKey(API_KEYS_FILE);
  const started = await startConsole({ API_KEYS_FILE });
  return {
    ...started,
    path: API_KEYS_FILE,
    sendTo: (to: string, given: Record<string, unknown> = {}) => started.sendTo(to, given, bearer),
    async signIn({ page }: WatchedPage, tenants: readonly [string, ...string[]]) {
      const made = await newKey(API_KEYS_FILE, { tenants: [...tenants], scopes: ["console"] });
      await page.goto(`${started.url}/console/messages`);
      // The server knows a new key within a second.
      for (;;) {
        await page.getByLabel("API key").fill(made.key);
        await page.getByRole("button", { name: "Sign in" }).click();
        await page.waitForLoadState();
        if (!page.url().includes("/sign-in")) return made;
      }
    },
  };
}
