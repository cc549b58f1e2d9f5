import type { Clock } from "@message-sender/core";
import { createSystemClock } from "@message-sender/core/node";

import type { GraphErrorOverrides } from "./graph-error.ts";
import type { GraphExchangeOptions } from "./graph-exchange.ts";
import { createHttpClient, type HttpClientOptions } from "../http/http-client.ts";

export interface GraphTransportOptions {
  readonly url?: string;
  /** The Graph API's version, such as `v25.0`. */
  readonly version?: string;
  readonly maxConnections?: number;
  readonly connectTimeoutMs?: number;
  readonly maxResponseBytes?: number;
  /** What error codes mean, where you know better than the table. */
  readonly errorRules?: GraphErrorOverrides;
  readonly clock?: Clock;
}

/** Connections to the Graph API, and what its answers are read by. */
export function createGraphClient(
  options: GraphTransportOptions,
  defaults: Pick<HttpClientOptions, "maxConnections" | "unbuffered">,
): GraphExchangeOptions {
  const { url = "https://graph.facebook.com", version = "v25.0", errorRules, clock = createSystemClock() } = options;
  const { maxConnections = defaults.maxConnections, connectTimeoutMs, maxResponseBytes } = options;
  const client = createHttpClient({
    ...defaults,
    origin: url,
    maxConnections,
    clock,
    ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
    ...(maxResponseBytes !== undefined && { maxResponseBytes }),
  });
  return { client, version, errorRules, clock };
}
