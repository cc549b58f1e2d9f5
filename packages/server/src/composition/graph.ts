import {
  createGraphMedia,
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
  provide(tokens.graph, () => {
    const transport = createGraphTransport({ ...graph, maxConnections });
    onClose(transport.close);
    return transport;
  });
  provide(tokens.media, () => {
    const media = createGraphMedia(graph);
    onClose(media.close);
    return media;
  });
  provide(tokens.throughput, (get) => {
    const throughput = createGraphThroughput({ ...graph, clock: get(tokens.clock) });
    onClose(throughput.close);
    return throughput;
  });
  provide(tokens.templates, () => {
    const templates = createGraphTemplates(graph);
    onClose(templates.close);
    return templates;
  });
}
