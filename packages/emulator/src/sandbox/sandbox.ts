import type { HttpHandler } from "msw";

import type { Clock } from "../control/clock.ts";
import { createControlAccess } from "../control/control-access.ts";
import { controlPath } from "../control/control.ts";
import type { Faults } from "../faults/faults.ts";
import { type GraphHandle, graphHandle } from "../graph/graph-handle.ts";
import { type ConversationHandle, conversationHandle, type TenantHandle, tenantHandle } from "./handles.ts";
import { type Fetch, listen, type Listener } from "../http/listener.ts";
import { mswHandler } from "../http/msw-handlers.ts";
import { createServices, type ServicesOptions } from "./services.ts";
import type { Webhooks } from "../webhooks/webhooks.ts";

export interface SandboxOptions extends ServicesOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /**
   * The host names, beside loopback ones, under which `/__emulator` answers, such as the name of a container; the services
   * themselves answer under any. Default: none.
   */
  readonly allowedHosts?: readonly string[];
  /** Default: any free one. */
  readonly ports?: { readonly graph?: number; readonly tenant?: number; readonly conversation?: number };
  /** The base URLs that `handlers` answer for. Default: `{ graph: "https://graph.facebook.com" }`. */
  readonly intercept?: { readonly graph?: string; readonly tenant?: string; readonly conversation?: string };
}

/** WhatsApp, a Tenant Service and a Conversation Service on loopback. Nothing fails unless it is asked to. */
export interface Sandbox {
  /** Base URLs, without a slash at the end. */
  readonly graphUrl: string;
  readonly tenantUrl: string;
  readonly conversationUrl: string;
  readonly graph: GraphHandle;
  readonly tenant: TenantHandle;
  readonly conversation: ConversationHandle;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  /** Moves limits, windows and expiry on without waiting. */
  readonly clock: Clock;
  /** For msw's `setupServer`, which sees global fetch and not npm's undici. */
  readonly handlers: readonly HttpHandler[];
  /** Back to the seeds: no faults, empty logs, no webhooks pending. Lets hanging requests go; ids go on, so that none comes twice. */
  reset(): void;
  /** Ends promptly, whatever is connected. */
  close(): Promise<void>;
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = "127.0.0.1", ports = {}, intercept = {} } = options;
  const refusalOfControl = createControlAccess(options.allowedHosts ?? []);
  const services = createServices(options, () => ({
    graph: graphSocket.url,
    tenant: tenantSocket.url,
    conversation: conversationSocket.url,
  }));
  const { graph, tenant, conversation, control, faults, webhooks, waiting, tenants, conversations, reset } = services;
  const { clock, state } = services;

  // The control routes stand in front of a service's own and not among them, which would cost those the fast router.
  function withControl(own: Fetch): Fetch {
    return (request, bindings) => {
      const incoming = bindings?.incoming;
      if (!incoming?.url?.startsWith(controlPath)) return own(request, bindings);
      return refusalOfControl(incoming) ?? control.fetch(request, bindings);
    };
  }

  const [graphSocket, tenantSocket, conversationSocket] = await allOrNone([
    listen(withControl(graph.app.fetch), host, ports.graph ?? 0),
    listen(withControl(tenant.app.fetch), host, ports.tenant ?? 0),
    listen(withControl(conversation.app.fetch), host, ports.conversation ?? 0),
  ]);

  return {
    graphUrl: graphSocket.url,
    tenantUrl: tenantSocket.url,
    conversationUrl: conversationSocket.url,
    graph: graphHandle(graph, graphSocket, tenants, state),
    tenant: tenantHandle(tenant, tenantSocket, tenants),
    conversation: conversationHandle(conversation, conversationSocket, conversations),
    faults,
    webhooks,
    clock: { now: clock.now, advance: clock.advance },
    handlers: [
      mswHandler(intercept.graph ?? "https://graph.facebook.com", graph.app),
      ...(intercept.tenant === undefined ? [] : [mswHandler(intercept.tenant, tenant.app)]),
      ...(intercept.conversation === undefined ? [] : [mswHandler(intercept.conversation, conversation.app)]),
    ],
    reset,
    async close() {
      webhooks.close();
      await Promise.all([graphSocket.stop(), tenantSocket.stop(), conversationSocket.stop()]);
      waiting.releaseAll();
    },
  };
}

/** When a port is taken, nothing stays open. */
async function allOrNone(opening: [Promise<Listener>, Promise<Listener>, Promise<Listener>]) {
  const settled = await Promise.allSettled(opening);
  try {
    return await Promise.all(opening);
  } catch (cause) {
    for (const one of settled) if (one.status === "fulfilled") await one.value.stop();
    throw cause;
  }
}
