import { type CallbackHandle, createCallbackHandle } from "../callback-receiver/callback-handle.ts";
import { createCall } from "../client/call.ts";
import { createTestClient } from "../client/create-test-client.ts";
import type { TestClient } from "../client/test-client.ts";
import type { SandboxClock } from "../control/clock.ts";
import { createControlAccess } from "../control/control-access.ts";
import { controlPath } from "../control/control.ts";
import { type ConversationHandle, createConversationHandle } from "../conversation-service/conversation-handle.ts";
import type { Faults } from "../faults/faults.ts";
import { createGraphHandle, type GraphHandle } from "../graph/graph-handle.ts";
import { type Fetch, listen, type Listener } from "../http/listener.ts";
import { createMswHandlers, type MswHandler } from "../http/msw-handlers.ts";
import { createTenantHandle, type TenantHandle } from "../tenant-service/tenant-handle.ts";
import type { WebhookControl } from "../webhooks/webhooks.ts";
import type { PageLink, PageLinks } from "../page/page-links.ts";
import { createPageMiddleware } from "./page-middleware.ts";
import type { SandboxOptions } from "./sandbox-options.ts";
import { createServices } from "./services.ts";

/**
 * WhatsApp, a Tenant Service, a Conversation Service and a receiver of status callbacks on this machine. Nothing fails unless
 * you ask for it.
 */
export interface Sandbox extends TestClient {
  /** Base URLs, without a trailing slash. */
  readonly graphUrl: string;
  readonly tenantUrl: string;
  readonly conversationUrl: string;
  readonly graph: GraphHandle;
  readonly tenant: TenantHandle;
  readonly conversation: ConversationHandle;
  /** The receiver of status callbacks. Nothing goes there until its URL and secret are given to a server or a tenant. */
  readonly callbacks: CallbackHandle;
  readonly faults: Faults;
  readonly webhooks: WebhookControl;
  /** Links at the top of the page, such as to what is being tested. */
  readonly links: PageLinks;
  /** Advances limits, windows and expiry without waiting. */
  readonly clock: SandboxClock;
  /**
   * Request handlers for the `setupServer` of msw 2 or 3, which intercepts global `fetch` but not the npm package undici.
   * Requests to the sandbox's own URLs pass. Throws when msw is not installed.
   */
  readonly handlers: readonly MswHandler[];
  /**
   * Restores the state at the start: the seeds, no faults, empty logs, no pending webhooks, no hanging requests. Ids
   * continue, so that none is given twice.
   */
  reset(): void;
  /** Closes every connection and stops listening. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts the services on loopback. Rejects when an option is invalid or a port is taken; nothing stays open then.
 *
 * @example
 * ```ts
 * import { startSandbox } from "@message-sender/emulator";
 *
 * const sandbox = await startSandbox();
 * sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 131056 } });
 * // Point the code under test at sandbox.graphUrl, and let it send.
 * console.log(sandbox.graph.messages);
 * await sandbox.close();
 * ```
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = "127.0.0.1", ports = {}, intercept = {} } = options;
  const refusalOfControl = createControlAccess(options.allowedHosts ?? []);
  const urls = () => ({
    graph: graphListener.url,
    tenant: tenantListener.url,
    conversation: conversationListener.url,
    callbacks: callbackListener.url,
  });
  const services = createServices(options, urls);
  const { graph, tenant, conversation, callbacks, control, faults, webhooks, held, clock } = services;
  const { state, tenants, conversations, reset } = services;

  // The control routes come before a service's app: within it, they would force Hono's slower router on the service.
  function withControl(own: Fetch): Fetch {
    return (request, bindings) => {
      const incoming = bindings?.incoming;
      if (!incoming?.url?.startsWith(controlPath)) return own(request, bindings);
      return refusalOfControl(incoming) ?? control.fetch(request, bindings);
    };
  }

  // What a test does from here is what a test elsewhere does over HTTP, and what a person does on the page.
  const call = createCall((request) => control.fetch(request, {}), "http://localhost");
  const links: PageLink[] = [];
  const page = createPageMiddleware({ ...services, urls, call, links }, refusalOfControl);
  const open = (own: Fetch, port = 0) => listen(withControl(own), { host, port, tls: options.tls });
  const [graphListener, tenantListener, conversationListener, callbackListener] = await allOrNone([
    listen(page(withControl(graph.app.fetch)), { host, port: ports.graph ?? 0, tls: options.tls }),
    open(tenant.app.fetch, ports.tenant),
    open(conversation.app.fetch, ports.conversation),
    open(callbacks.app.fetch, ports.callbacks),
  ]);

  const listeners = [graphListener, tenantListener, conversationListener, callbackListener];

  return {
    ...createTestClient(call),
    graphUrl: graphListener.url,
    tenantUrl: tenantListener.url,
    conversationUrl: conversationListener.url,
    graph: createGraphHandle({ graph, listener: graphListener, tokens: () => tenants().tokens, state }),
    tenant: createTenantHandle({ log: tenant.log, listener: tenantListener, tenants }),
    conversation: createConversationHandle({ log: conversation.log, listener: conversationListener, conversations }),
    callbacks: createCallbackHandle(callbacks, callbackListener),
    faults,
    webhooks,
    links: { add: (link) => void links.push(link) },
    clock: { now: clock.now, advance: clock.advance },
    get handlers() {
      const { answering, passing } = createMswHandlers();
      return [
        answering(intercept.graph ?? "https://graph.facebook.com", graph.app),
        ...(intercept.tenant === undefined ? [] : [answering(intercept.tenant, tenant.app)]),
        ...(intercept.conversation === undefined ? [] : [answering(intercept.conversation, conversation.app)]),
        ...listeners.map(({ url }) => passing(url)),
      ];
    },
    reset,
    async close() {
      webhooks.close();
      await Promise.all(listeners.map((listener) => listener.stop()));
      held.releaseAll();
    },
  };
}

/** When a port is taken, closes the listeners that did open. */
async function allOrNone(opening: [Promise<Listener>, Promise<Listener>, Promise<Listener>, Promise<Listener>]) {
  const settled = await Promise.allSettled(opening);
  try {
    return await Promise.all(opening);
  } catch (cause) {
    for (const one of settled) if (one.status === "fulfilled") await one.value.stop();
    throw cause;
  }
}
