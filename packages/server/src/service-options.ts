import type { MessageSenderOptions, MessageSenderPorts, Secret } from "@message-sender/core";
import type { Telemetry } from "@message-sender/core/adapter";
import type { HttpAppOptions } from "@message-sender/http-adapter/inbound";
import type { TenantsDocument } from "@message-sender/http-adapter/outbound";

import type { Logger } from "./logger-port.ts";
import type { MetricsRegistry } from "./metrics/registry.ts";
import type { SandboxHandle } from "./sandbox-handle.ts";
import type { Store } from "./store/open-store.ts";

/** The options of a service. All have defaults, except the source of tenants: `tenants`, `tenantsFile`, `tenantServiceUrl` or a `sandbox`. */
export interface ServiceOptions extends MessageSenderOptions {
  /**
   * Where messages are stored: `sqlite:<file>`, `postgres://…`, or `memory:`, which loses them when the process ends. A durable
   * store is created and migrated as needed. Default: `sqlite:message-sender.db`; with a `sandbox`, `memory:`.
   */
  readonly databaseUrl?: string;
  /**
   * How long the queued messages of this process stay its own after its last heartbeat, where several share a store in PostgreSQL.
   * Default: 4,000.
   */
  readonly processLeaseMs?: number;
  /**
   * How many days of messages PostgreSQL drops at once. What is past its retention is kept for up to this much longer. Default: a fifteenth of
   * `retention.keptMs`, from 1 to 31.
   */
  readonly partitionDays?: number;
  /** An open store, instead of `databaseUrl`. The service closes it, also when `createService` rejects. */
  readonly store?: Store;

  /** Tenants by id, with their quotas, outlets and access tokens, in the form that a tenants file has under `tenants`. */
  readonly tenants?: TenantsDocument;
  /** The path of a tenants file, YAML or JSON. It is reloaded when it changes. */
  readonly tenantsFile?: string;
  /** The Tenant Service, which provides credentials and quota. */
  readonly tenantServiceUrl?: string;
  /** The Conversation Service, which receives each sent message. Default: none. */
  readonly conversationServiceUrl?: string;
  /** The bearer token for the Tenant Service and the Conversation Service. */
  readonly serviceToken?: string | Secret;

  /** WhatsApp's Graph API. Default: `https://graph.facebook.com`. */
  readonly graphUrl?: string;
  /** Default: `v25.0`. */
  readonly graphVersion?: string;
  /** The maximum number of connections to WhatsApp, and so of attempts in flight. Default: 256. */
  readonly graphMaxConnections?: number;
  /**
   * An HTTP proxy for the calls to WhatsApp, and to other providers of the Cloud API, at https URLs. Calls to hosts in `except`, with
   * their subdomains, do not use it. Default: none.
   */
  readonly proxy?: { readonly url: string | Secret; readonly except?: readonly string[] };
  /** The path of a file with rules for WhatsApp's error codes, which override the built-in table. */
  readonly errorRulesFile?: string;
  readonly pacing?: PacingOptions;
  /**
   * From when on the HTTP API refuses requests with 503, those that can wait first. Each level of overload begins at four times the
   * readings of the one before. 0: that reading does not count.
   */
  readonly overload?: OverloadOptions;

  /**
   * Who may do what over HTTP: `"open"`, or a function of the request. Default: nobody, so that the app answers only webhooks
   * and health checks.
   */
  readonly access?: HttpAppOptions["access"];
  /**
   * The path of a file of API keys, instead of `access`. `message-sender keys` and `createKey` of
   * `@message-sender/http-adapter/inbound` write it. It is reloaded when it changes: a revoked key stops within a second.
   */
  readonly apiKeysFile?: string;
  /** The allowed Host names, in addition to loopback names. Default: `"any"`. */
  readonly allowedHosts?: HttpAppOptions["allowedHosts"];
  /** Whether web pages of other hosts may make changes. Default: only if `allowedHosts` is `"any"`. */
  readonly foreignOrigins?: HttpAppOptions["foreignOrigins"];
  /** The addresses and CIDR ranges of proxies whose X-Forwarded-For is believed, for the log. Default: none. */
  readonly trustedProxies?: HttpAppOptions["trustedProxies"];
  /** Whether a request with an API key is refused, or the key ignored. Default: `"ignored"`. */
  readonly apiKeys?: HttpAppOptions["apiKeys"];
  /**
   * Whether `app` has the console at `/console`: pages for operators, which need a key with the scope `console` where the API needs one.
   * Default: false.
   */
  readonly console?: boolean;
  /** Accepts WhatsApp's webhooks at `/webhooks/whatsapp`. Default: that path answers 404. */
  readonly webhooks?: ServiceWebhooks;
  /** Forwards webhooks that are not message statuses, signed according to Standard Webhooks. Default: none are forwarded. */
  readonly webhookForwarding?: { readonly url: string; readonly secret: string | Secret };

  /** Posts each visible change of a message, signed according to Standard Webhooks. Default: only to tenants' own receivers. */
  readonly statusCallbacks?: ServiceCallbacks;

  /**
   * A running sandbox (`startSandbox()` of `@message-sender/emulator`). It replaces WhatsApp, the Tenant Service (unless
   * `tenants` are given) and the Conversation Service, and receives the status callbacks of tenants that have no other receiver,
   * unless `statusCallbacks` has one. The service closes it, also when `createService` rejects. A durable store
   * that was created with a sandbox cannot be opened without one, and vice versa, so that a message sent in a sandbox never
   * counts as sent.
   */
  readonly sandbox?: SandboxHandle;

  /**
   * Gets one line per request and one per outcome, without content and secrets, and with the current trace. A pino logger fits.
   * Default: nothing is logged.
   */
  readonly logger?: Logger;
  /** Whether the log masks phone numbers, up to their last four digits. Default: `"masked"`. */
  readonly logNumbers?: LogNumbers;
  /** Gets each event too, for metrics or traces of your own. */
  readonly telemetry?: Telemetry;
  /**
   * Gets the metrics of the service: a `Registry` of `@prometheus-io/client`. `docs/operate.md` lists them. `app` answers
   * `GET /metrics` with them, to a caller with the scope `metrics`. One registry serves one service at a time. Default: nothing is
   * measured.
   */
  readonly metrics?: MetricsRegistry;
  /** Ports of your own. Each replaces the one that the service would create. */
  readonly ports?: Partial<MessageSenderPorts>;
}

/** Where status callbacks go. A tenant's own receiver, from its tenants or the Tenant Service, comes first. */
interface ServiceCallbacks {
  /** Gets the events of each tenant that has no receiver of its own. An http or https URL, together with `secret`. */
  readonly url?: string;
  /** Base64 of 24 to 64 bytes, with or without the prefix `whsec_`. Shared with the receiver. */
  readonly secret?: string | Secret;
  /** Allows receivers at loopback, private and link-local addresses. Default: false; with a `sandbox`, true. */
  readonly allowPrivate?: boolean;
}

/** How the service verifies WhatsApp's webhooks. */
export interface ServiceWebhooks {
  /** The secret of the Meta app. Not empty. More than one while it is rotated. */
  readonly appSecret: string | Secret | readonly (string | Secret)[];
  /** The token that Meta sends in the verification handshake. Not empty. */
  readonly verifyToken: string | Secret;
}

/** The limits that the service keeps to. */
export interface PacingOptions {
  /** `false` turns rate limiting off. The circuit breaker and the retry budget stay on. Default: true. */
  readonly rates?: boolean;
  /** The maximum number of messages per second from one number. Default: 80. */
  readonly numberPerSecond?: number;
  /** How many messages one recipient may get in a burst. Default: 5. */
  readonly pairBurst?: number;
  /** Whether processes with the same store share the rate of each number. Default: if the store can, which is PostgreSQL. */
  readonly shared?: boolean;
  /** How far ahead a shared rate is booked, in milliseconds: at most 1,000. Default: 300. */
  readonly bookAheadMs?: number;
}

/** The readings at which the first level of overload begins. */
interface OverloadOptions {
  /** How much longer than it should one turn of the event loop takes, on average over 250 ms. Default: 200. */
  readonly loopDelayMs?: number;
  /** How long the oldest commit has been waiting. Default: 1000. */
  readonly storeWaitMs?: number;
}

/** Whether the log masks phone numbers, or shows them. */
export type LogNumbers = "masked" | "full";
