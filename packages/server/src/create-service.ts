import type { Composition } from "./container.ts";
import { openService, type Wording } from "./open-service.ts";
import type { ServiceOptions } from "./service-options.ts";

/** A running sender with a durable store and the real clients. */
export interface Service {
  /** Its background work (the queue, recovery, the outbox, retention) has begun. */
  readonly sender: Composition["sender"];
  /** The HTTP API, to be mounted in another Hono app or served by itself. Nothing listens until you do that. */
  readonly app: Composition["app"];
  /**
   * Takes no more sends, lets those in flight end, then closes the store, the clients and the sandbox. Resolves within 25 s; may
   * be called more than once.
   */
  close(): Promise<void>;
}

/**
 * Puts a service together and starts it. It reads no environment variables and handles no signals: call `close` before the process
 * ends. What is cut short is recovered at the next start.
 *
 * Rejects with an `Error` that names the option, when an option does not exist or is invalid, a file cannot be read or the store
 * cannot be opened. Nothing is left open then.
 *
 * @example
 * const { sender, close } = await createService({
 *   databaseUrl: "postgres://localhost/messages",
 *   tenantServiceUrl: "https://tenants.example.com",
 *   conversationServiceUrl: "https://conversations.example.com",
 *   webhooks: { appSecret: "…", verifyToken: "…" },
 * });
 */
export async function createService(options: ServiceOptions): Promise<Service> {
  const { sender, app, close } = await openService(options, { wording });
  sender.start();
  return { sender, app, close };
}

const wording: Wording = {
  nameOf: (option) => `createService: ${option}`,
  noTenants:
    "createService: set `tenants`, `tenantsFile` or `tenantServiceUrl`, which say who may send; or pass a `sandbox` to try it out",
};
