import type { IncomingMessage } from "node:http";

import { isPlainJson } from "./json-body.ts";

/**
 * Returns whether no rule of an app concerns a request, other than the rules of its route: it is HTTP/1.1, its Host is known, it comes
 * from no web page, no header is there twice, and its body is JSON of a length that is known and at most `largestBody`. What is not
 * plain is no error: the app decides then.
 */
export function plainRequests(
  isKnownHost: (host: string) => boolean,
  { apiKeys, largestBody }: { readonly apiKeys: "refused" | "ignored"; readonly largestBody: number },
): (incoming: IncomingMessage) => boolean {
  let usualHost: string | undefined;

  /** Nearly all requests have the same one. */
  function isPlainHost(host: string): boolean {
    if (host === usualHost) return true;
    const isPlain = isHostName(host) && isKnownHost(host);
    if (isPlain) usualHost = host;
    return isPlain;
  }

  return ({ httpVersion, headers, rawHeaders }) => {
    const { host, origin, authorization } = headers;
    const length = Number(headers["content-length"]);
    return (
      httpVersion === "1.1" &&
      host !== undefined &&
      isPlainHost(host) &&
      origin === undefined &&
      headers["sec-fetch-site"] === undefined &&
      isPlainJson(headers["content-type"], headers["content-encoding"]) &&
      length > 0 &&
      length <= largestBody &&
      (apiKeys === "ignored" || (authorization === undefined && headers["x-api-key"] === undefined)) &&
      Object.keys(headers).length * 2 === rawHeaders.length
    );
  };
}

/** Whether a host is written as a URL has it, so that it needs no parsing. */
function isHostName(host: string): boolean {
  return /^[a-z0-9.-]+(?::\d{1,5})?$/.test(host) && URL.parse(`http://${host}`)?.hostname === host.replace(/:\d+$/, "");
}
