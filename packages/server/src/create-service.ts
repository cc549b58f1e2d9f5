import type { Composition } from "./container.ts";
import { openService, type OptionNames } from "./open-service.ts";
import type { ServiceOptions } from "./service-options.ts";

/** A running sender with a durable store and the real clients. */
export interface Service {
  /** Its background work (the queue, recovery, the outbox, retention) is running. */
  readonly sender: Composition["sender"];
  /** The HTTP API, to mount in another Hono app or to serve on its own. It does not listen by itself. */
  readonly app: Composition["app"];
  /**
   * Refuses new sends, waits for sends in flight, then closes the store, the clients and the sandbox. Resolves within 25 s. May
   * be called more than once.
   */
  close(): Promise<void>;
}

/**
 * Composes a service and starts it. It reads no environment variables and handles no signals: call `close` before the process
 * ends. Work that is interrupted is recovered at the next start.
 *
 * Rejects with an `Error` that names the option if an option does not exist or is invalid, a file cannot be read or the store
 * cannot be opened. It leaves nothing open then.
 *
 * @example
 * ```ts
 * const { sender, close } = await createService({
 *   databaseUrl: "postgres://localhost/messages",
 *   tenantServiceUrl: "https://tenants.example.com",
 *   conversationServiceUrl: "https://conversations.example.com",
 *   webhooks: { appSecret: "…", verifyToken: "…" },
 * });
 * ```
 */
export async function createService(options: ServiceOptions): Promise<Service> {
  const { sender, app, close } = await openService(options, { names });
  sender.start();
  return { sender, app, close };
}

const names: OptionNames = {
  nameOf: (option) => `createService: ${option}`,
  noTenants:
    "createService: set `tenants`, `tenantsFile` or `tenantServiceUrl` to say who may send, or pass a `sandbox` to try it out",
};
