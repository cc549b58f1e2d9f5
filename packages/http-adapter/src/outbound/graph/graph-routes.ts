import type { Credential, Provider } from "@message-sender/core/adapter";

import { type CallKind, callKind } from "../http/client-span.ts";
import type { HttpClient } from "../http/http-client.ts";
import { createOriginClients } from "../http/origin-clients.ts";
import { type Edge, profileOf, type ProviderProfile } from "./provider-profile.ts";

/** Where the requests of a credential go. */
export interface GraphRoute
  extends Pick<HttpClient, "exchange">, Pick<ProviderProfile, "pathOf" | "authHeader" | "authPrefix"> {
  /** How spans show its calls. */
  readonly kinds: Readonly<Record<Edge, CallKind>>;
}

/** The routes to Meta and to other providers. */
export interface GraphRoutes {
  readonly meta: GraphRoute & Pick<HttpClient, "request">;
  /** Undefined if the credential has a provider that is not valid. */
  routeOf(credential: Credential): GraphRoute | undefined;
  close(): Promise<void>;
}

interface GraphRoutesParts {
  readonly url: string;
  readonly version: string;
  readonly connect: (origin: string) => HttpClient;
}

export function createGraphRoutes({ url, version, connect }: GraphRoutesParts): GraphRoutes {
  if (!/^v\d{1,3}\.\d{1,2}$/.test(version)) throw new TypeError("a Graph API version must have the form v25.0");
  const client = connect(url);
  const others = createOriginClients(connect);
  const routes = new WeakMap<Provider, GraphRoute>();

  const meta: GraphRoutes["meta"] = {
    request: client.request,
    exchange: client.exchange,
    pathOf: (edge, phoneNumberId) => `/${version}/${phoneNumberId}/${edge}`,
    authHeader: "authorization",
    authPrefix: "Bearer ",
    kinds: kindsOf(url, (edge) => `/{version}/{phone_number_id}/${edge}`),
  };

  function routeOf(provider: Provider): GraphRoute | undefined {
    const known = routes.get(provider);
    if (known) return known;
    const profile = profileOf(provider, version);
    if (!profile) return undefined;
    const { origin, pathOf } = profile;
    const route: GraphRoute = {
      ...profile,
      exchange: (request) => others.exchange(origin, request),
      kinds: kindsOf(origin, pathOf),
    };
    routes.set(provider, route);
    return route;
  }

  return {
    meta,
    routeOf: ({ provider }) => (provider ? routeOf(provider) : meta),
    close: async () => void (await Promise.all([client.close(), others.close()])),
  };
}

function kindsOf(url: string, template: (edge: Edge) => string): GraphRoute["kinds"] {
  const kindOf = (edge: Edge): CallKind => callKind(url, "POST", template(edge));
  return {
    messages: kindOf("messages"),
    marketing_messages: kindOf("marketing_messages"),
    media: kindOf("media"),
  };
}
