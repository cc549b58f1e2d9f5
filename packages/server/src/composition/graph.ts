import {
  createGraphMedia,
  createGraphNumberFacts,
  createGraphTemplates,
  createGraphThroughput,
  createGraphTransport,
} from "@message-sender/http-adapter/outbound";

import type { CompositionOptions } from "./composition-options.ts";
import { registeredProxyUrl } from "./registered-secrets.ts";
import { type OnClose, type Provide, tokens } from "./tokens.ts";

export const defaultGraphConnections = 256;

/** The clients of WhatsApp's Graph API. */
export function provideGraph(provide: Provide, options: CompositionOptions, onClose: OnClose): void {
  const {
    graphUrl: url = "https://graph.facebook.com",
    graphVersion: version,
    graphMaxConnections: maxConnections = defaultGraphConnections,
    errorRules,
    proxy,
    redaction: secrets,
  } = options;
  const graph = {
    url,
    ...(proxy && { proxy: { ...proxy, url: registeredProxyUrl(proxy.url, secrets) } }),
    ...(version !== undefined && { version }),
    ...(errorRules && { errorRules }),
  };
  provide(tokens.graph, () => closing(createGraphTransport({ ...graph, maxConnections })));
  provide(tokens.media, () => closing(createGraphMedia(graph)));
  provide(tokens.throughput, (get) => closing(createGraphThroughput({ ...graph, clock: get(tokens.clock) })));
  provide(tokens.numberFacts, () => closing(createGraphNumberFacts(graph)));
  provide(tokens.templates, () => closing(createGraphTemplates(graph)));

  function closing<Client extends { close(): Promise<void> }>(client: Client): Client {
    onClose(client.close);
    return client;
  }
}
