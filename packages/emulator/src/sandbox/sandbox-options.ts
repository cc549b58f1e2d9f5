import type { GraphOptions } from "../graph/graph-state.ts";
import type { TokenSeed } from "../graph/access/tokens.ts";
import type { TlsOptions } from "../http/listener.ts";
import type { TenantSeed } from "../tenant-service/tenants.ts";
import type { WebhookOptions } from "../webhooks/webhook-options.ts";

/** How the services behave. */
export interface ServicesOptions extends GraphOptions {
  /** By tenant id. Default: every tenant exists, with every outlet. Once one is seeded, all others are unknown. */
  readonly tenants?: Readonly<Record<string, TenantSeed>>;
  /**
   * Access tokens besides those of the seeded outlets. Default: every token is valid for every number. Once one is
   * seeded, all others are unknown.
   */
  readonly tokens?: Readonly<Record<string, TokenSeed>>;
  /** The limit of a tenant that is seeded without one. Default: 1,000,000. */
  readonly defaultQuota?: number;
  /** false: the Tenant Service has no reservations, and `used` changes only through `setUsed`. Default: true. */
  readonly reservations?: boolean;
  /** false: the Conversation Service accepts single messages only. Default: true. */
  readonly batch?: boolean;
  /**
   * The status, without a body, with which the Conversation Service confirms what it stored. Default: 201, or 207 for a
   * batch, with a body.
   */
  readonly storedStatus?: 200 | 201 | 202 | 204;
  /** The bearer token that the Tenant Service and the Conversation Service require. Default: none. */
  readonly serviceToken?: string;
  /** Signed webhooks. Default: none are sent until `webhooks.target` is called. */
  readonly webhooks?: WebhookOptions;
  /** The time that the sandbox's clock follows, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** How many requests each log keeps, and how many messages the Conversation Service keeps. Default: 10,000. */
  readonly keep?: number;
}

/** The options of `startSandbox`. */
export interface SandboxOptions extends ServicesOptions {
  /** The address to listen on. Default: 127.0.0.1. */
  readonly host?: string;
  /**
   * Host names, besides loopback ones, under which `/__emulator` answers, such as a container's name. The services
   * themselves answer under any name. Default: none.
   */
  readonly allowedHosts?: readonly string[];
  /** Serves https with this certificate and its key, in PEM. Default: http. */
  readonly tls?: TlsOptions;
  /** Default: free ports. */
  readonly ports?: {
    readonly graph?: number;
    readonly tenant?: number;
    readonly conversation?: number;
    readonly callbacks?: number;
  };
  /** The base URLs that `Sandbox.handlers` intercept. Default: `{ graph: "https://graph.facebook.com" }`. */
  readonly intercept?: { readonly graph?: string; readonly tenant?: string; readonly conversation?: string };
}
