import type { IncomingMessage } from "node:http";

import { isSameOrigin } from "@message-sender/pages/same-origin";

/**
 * Protects the control API from web pages. A request must have exactly one Host header, with a loopback name or one of
 * `allowed`; a request that makes changes must not come from a page of another origin. undefined: the request is allowed.
 *
 * The HTTP server of Message Sender has a rule of its own, by the hosts that it knows. The emulator runs without Message Sender.
 */
export function createControlAccess(allowed: readonly string[]): (request: IncomingMessage) => Response | undefined {
  const names = new Set(allowed.map(hostNameOf));

  function isKnown(authority: string): boolean {
    const name = hostNameOf(authority);
    return name !== undefined && (loopback.test(name) || names.has(name));
  }

  return ({ method = "", headers, rawHeaders, socket }) => {
    const { host = "" } = headers;
    const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === "host");
    if (hosts.length > 1) return refusal(400, "Bad request", "A request must have exactly one Host header.");
    if (!isKnown(host)) return refusal(403, "Forbidden", foreignHost);
    if (readOnly.has(method)) return undefined;
    const get = (name: string) => headers[name]?.toString() ?? null;
    const own = `${"encrypted" in socket ? "https" : "http"}://${host}`;
    return isSameOrigin({ get }, own) ? undefined : refusal(403, "Forbidden", foreignOrigin);
  };
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const readOnly: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

const foreignHost = "Host not allowed. Use a loopback name or one of the sandbox's allowedHosts.";
const foreignOrigin = "Origin not allowed. Web pages of other origins cannot make changes here.";

function refusal(status: number, title: string, detail: string): Response {
  return Response.json({ title, detail }, { status });
}

/** The normalized host name, without port and trailing dot; undefined when the authority is not valid. */
function hostNameOf(authority: string): string | undefined {
  if (authority === "" || /[\s/?#@\\]/.test(authority) || !URL.canParse(`http://${authority}`)) return undefined;
  return new URL(`http://${authority}`).hostname.replace(/\.$/, "");
}
