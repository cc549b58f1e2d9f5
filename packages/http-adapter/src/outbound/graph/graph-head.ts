import { type Credential, isIdentifier } from "@message-sender/core/adapter";

import { encodeHead, type RequestHead } from "../http/request-head.ts";
import type { GraphRoute } from "./graph-routes.ts";
import type { Edge } from "./provider-profile.ts";

/** Gives the head of a request with a credential, or the reason why there is none. */
export type GraphHeads = (
  credential: Credential,
  route: GraphRoute,
  edge: Edge,
  contentType: string,
) => RequestHead | string;

/** Encodes the heads of JSON requests once for each credential. */
export function createGraphHeads(): GraphHeads {
  const known = new WeakMap<Credential, Partial<Record<Edge, RequestHead>>>();

  return (credential, route, edge, contentType) => {
    if (contentType !== json) return headOf(credential, route, edge, contentType);
    const ofCredential = known.get(credential) ?? {};
    const head = ofCredential[edge] ?? headOf(credential, route, edge, contentType);
    if (typeof head === "string" || head === ofCredential[edge]) return head;
    known.set(credential, { ...ofCredential, [edge]: head });
    return head;
  };
}

export const json = "application/json";

function headOf(...[credential, route, edge, contentType]: Parameters<GraphHeads>): RequestHead | string {
  const { accessToken, phoneNumberId } = credential;
  const token = accessToken.reveal();
  if (!isIdentifier(phoneNumberId)) return "the phone number id contains invalid characters";
  if (!/^[\x21-\x7e]+$/.test(token)) {
    return "the access token is empty or contains characters that are invalid in a header";
  }
  const head = encodeHead({
    method: "POST",
    path: route.pathOf(edge, encodeURIComponent(phoneNumberId)),
    headers: { [route.authHeader]: route.authPrefix + token, "content-type": contentType },
  });
  return "kind" in head ? head.reason : head;
}
