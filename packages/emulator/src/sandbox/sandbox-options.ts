import type { LiveOptions } from "../control/options-schema.ts";
import type { TlsOptions } from "../http/listener.ts";

/** How the services behave. */
export interface ServicesOptions extends LiveOptions {
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
