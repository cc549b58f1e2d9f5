import type { MessageSenderOptions, MessageSenderPorts, Secret } from "@message-sender/core";
import type { Telemetry } from "@message-sender/core/adapter";
import type { HttpAppOptions } from "@message-sender/http-adapter/inbound";
import type { TenantsDocument } from "@message-sender/http-adapter/outbound";

import type { Logger } from "./log/logger-port.ts";
import type { SandboxHandle } from "./sandbox-handle.ts";
import type { Store } from "./store/open-store.ts";

/** The options of a sender and of what it is put together with. Everything has a default but where tenants come from: `tenants`, `tenantsFile`, `tenantServiceUrl` or a `sandbox`. */
export interface ServiceOptions extends MessageSenderOptions {
  /**
   * Where messages are kept: `sqlite:<file>`, `postgres://…`, or `memory:`, which forgets them with the process. A durable store
   * is created and migrated as needed. Default: `sqlite:message-sender.db`; with a `sandbox`, `memory:`.
   */
  readonly databaseUrl?: string;
  /** A store that is open already, in place of `databaseUrl`. The service closes it, also when `createService` rejects. */
  readonly store?: Store;

  /** Tenants with their quotas, outlets and access tokens, by their ids: what a tenants file has under `tenants`. */
  readonly tenants?: TenantsDocument;
  /** A file of tenants, YAML or JSON, that is read again when it changes. */
  readonly tenantsFile?: string;
  /** The Tenant Service, asked for credentials and quota. */
  readonly tenantServiceUrl?: string;
  /** The Conversation Service, told of each message that was sent. Default: nobody is told. */
  readonly conversationServiceUrl?: string;
  /** The bearer token for the Tenant Service and the Conversation Service. */
  readonly serviceToken?: string | Secret;

  /** WhatsApp's Graph API. Default: `https://graph.facebook.com`. */
  readonly graphUrl?: string;
  /** Default: `v25.0`. */
  readonly graphVersion?: string;
  /** The most connections to WhatsApp, and so the most attempts in flight. Default: 256. */
  readonly graphMaxConnections?: number;
  /** A file of rules for WhatsApp's error codes, where you know better than the built-in table. */
  readonly errorRulesFile?: string;
  readonly pacing?: PacingOptions;

  /**
   * Who may do what over HTTP: `"open"`, or a function of the request. Default: nobody, so only webhooks and health checks are
   * answered.
   */
  readonly access?: HttpAppOptions["access"];
  /** The hosts that requests may name, beside loopback ones. Default: `"any"`. */
  readonly allowedHosts?: HttpAppOptions["allowedHosts"];
  /** Whether requests with an API key are refused. Default: `"ignored"`. */
  readonly apiKeys?: HttpAppOptions["apiKeys"];
  /** Takes WhatsApp's webhooks at `/webhooks/whatsapp`. Default: that path answers 404. */
  readonly webhooks?: ServiceWebhooks;
  /** Hands on what WhatsApp reports beside statuses, signed as Standard Webhooks says. */
  readonly webhookForwarding?: { readonly url: string; readonly secret: string | Secret };

  /**
   * A running sandbox (`startSandbox()` of `@message-sender/emulator`), in place of WhatsApp, the Tenant Service (unless
   * `tenants` are given) and the Conversation Service. The service closes it, also when `createService` rejects. A durable store that is created with a sandbox
   * cannot be opened without one, nor the reverse, so a message that "was sent" in a sandbox never counts as sent.
   */
  readonly sandbox?: SandboxHandle;

  /** Takes the log, with one line a request and one an event; pino's loggers fit. Default: no log. */
  readonly logger?: Logger;
  /** Also gets each event that the log gets, for metrics or traces. */
  readonly telemetry?: Telemetry;
  /** Ports of your own, each in place of the one that the service would create. */
  readonly ports?: Partial<MessageSenderPorts>;
}

export interface ServiceWebhooks {
  /** The app's secret, not empty; more than one while it is being rotated. */
  readonly appSecret: string | Secret | readonly (string | Secret)[];
  /** The token of Meta's verification handshake; not empty. */
  readonly verifyToken: string | Secret;
}

export interface PacingOptions {
  /** `false` lifts the rates; the circuit breaker and the retry budget stay. Default: true. */
  readonly rates?: boolean;
  /** Messages a second of one number. Default: 80. */
  readonly numberPerSecond?: number;
  /** Messages that one recipient may be sent at once. Default: 5. */
  readonly pairBurst?: number;
}
