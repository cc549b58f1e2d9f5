import type { Provider } from "@message-sender/core/adapter";

import { isAuthHeader, isAuthScheme, isMessagesPath, isProviderUrl, numberPlace } from "../http/provider-fields.ts";

/** What a path of the Cloud API ends in. */
export type Edge = "messages" | "marketing_messages" | "media";

/** How requests of one provider are addressed and authorized. */
export interface ProviderProfile {
  readonly origin: string;
  /** The path of an edge; with `{phone_number_id}` in place of the id if there is none given. */
  pathOf(edge: Edge, phoneNumberId?: string): string;
  readonly authHeader: string;
  /** What stands before the token, with its space. */
  readonly authPrefix: string;
}

/** Undefined if the provider is not a valid one. Without paths of its own it has those of Meta's `version`. */
export function profileOf(provider: Provider, version: string): ProviderProfile | undefined {
  const { url, messagesPath = `/${version}/${numberPlace}/messages`, authHeader = "authorization" } = provider;
  const { authScheme = authHeader.toLowerCase() === "authorization" ? "Bearer" : "" } = provider;
  if (!isProviderUrl(url) || !isMessagesPath(messagesPath) || !isAuthHeader(authHeader) || !isAuthScheme(authScheme)) {
    return undefined;
  }
  const { origin, pathname } = new URL(url);
  const base = pathname.replace(/\/+$/, "") + messagesPath.slice(0, -"messages".length);
  return {
    origin,
    pathOf: (edge, phoneNumberId = numberPlace) => base.replace(numberPlace, () => phoneNumberId) + edge,
    authHeader: authHeader.toLowerCase(),
    authPrefix: authScheme === "" ? "" : `${authScheme} `,
  };
}
