import type { Clock } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";

import type { GraphErrorOverrides } from "./graph-error.ts";
import type { GraphExchangeOptions } from "./graph-exchange.ts";
import { createGraphRoutes } from "./graph-routes.ts";
import { createHttpClient, type HttpClientOptions } from "../http/http-client.ts";

import type { ProxyOptions } from "../http/proxy.ts";

/** The options of `createGraphTransport` and `createGraphMedia`. */
export interface GraphTransportOptions {
  /** Default: `https://graph.facebook.com`. */
  readonly url?: string;
  /** The version of the Graph API. Default: `v25.0`. */
  readonly version?: string;
  /** Default: 256 for messages, 8 for media. */
  readonly maxConnections?: number;
  /** Default: 3,000. */
  readonly connectTimeoutMs?: number;
  /** A longer answer fails. Default: 1 MiB. */
  readonly maxResponseBytes?: number;
  /** A proxy for WhatsApp and for providers at https URLs. Default: none. */
  readonly proxy?: ProxyOptions;
  /** Rules that replace the table of error codes. */
  readonly errorRules?: GraphErrorOverrides;
  readonly clock?: Clock;
}

/** Connections to the Graph API, with the options for interpreting its answers. */
export function createGraphClient(
  options: GraphTransportOptions,
  defaults: Pick<HttpClientOptions, "maxConnections" | "unbuffered">,
): GraphExchangeOptions {
  const { url = "https://graph.facebook.com", version = "v25.0", errorRules, clock = createSystemClock() } = options;
  const { maxConnections = defaults.maxConnections, connectTimeoutMs, maxResponseBytes, proxy } = options;
  const connect = (origin: string) =>
    createHttpClient({
      ...defaults,
      origin,
      maxConnections,
      proxy,
      ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
      ...(maxResponseBytes !== undefined && { maxResponseBytes }),
    });
  const routes = createGraphRoutes({ url, version, connect });
  return { routes, errorRules, clock };
}
