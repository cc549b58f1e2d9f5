import type { MessageSender } from "@message-sender/core";
import type { Clock, Credentials, History, Ids, Pacer, Quota, Telemetry } from "@message-sender/core/adapter";
import type { ServiceView } from "@message-sender/console";
import type { createHttpApp } from "@message-sender/http-adapter/inbound";
import type {
  GraphMedia,
  GraphNumberFacts,
  GraphTemplates,
  GraphThroughput,
  GraphTransport,
  HttpStatusCallbacks,
  ServiceClient,
  WebhookForwarder,
} from "@message-sender/http-adapter/outbound";

import type { Overload } from "../overload/watch-overload.ts";
import type { Store } from "../store/open-store.ts";

declare const held: unique symbol;
/** The name of a part, with the part's type. */
export type Token<T> = symbol & { readonly [held]?: T };

const token = <T>(name: string): Token<T> => Symbol(name) as Token<T>;

/** The parts of a service. */
export const tokens = {
  clock: token<Clock>("clock"),
  ids: token<Ids>("ids"),
  store: token<Store>("store"),
  telemetry: token<Telemetry>("telemetry"),
  pacer: token<Pacer>("pacer"),
  graph: token<GraphTransport>("graph"),
  media: token<GraphMedia>("media"),
  templates: token<GraphTemplates>("templates"),
  throughput: token<GraphThroughput>("throughput"),
  tenantService: token<ServiceClient | undefined>("tenant service"),
  conversationService: token<ServiceClient | undefined>("conversation service"),
  credentials: token<Credentials>("credentials"),
  quota: token<Quota>("quota"),
  history: token<History | undefined>("history"),
  webhookForwarding: token<WebhookForwarder | undefined>("webhook forwarding"),
  statusCallbacks: token<HttpStatusCallbacks>("status callbacks"),
  sender: token<MessageSender>("sender"),
  numberFacts: token<GraphNumberFacts>("number facts"),
  serviceView: token<ServiceView>("service view"),
  overload: token<Overload>("overload"),
  app: token<ReturnType<typeof createHttpApp>>("app"),
};

/** Returns a part. Creates it on first use. */
export type Get = <T>(token: Token<T>) => T;

/** Registers how a part is created from other parts. */
export type Provide = <T>(token: Token<T>, create: (get: Get) => T) => void;

/** Registers a resource to close with the service, after the sender and the store. */
export type OnClose = (close: () => Promise<unknown>) => void;
