import type { IncomingMessage } from "node:http";

/**
 * Keeps web pages away from the control: a request names a loopback host or one of `allowed`, once, and what changes
 * something does not come from a page of another host. undefined: it may pass.
 */
export function createControlAccess(allowed: readonly string[]): (request: IncomingMessage) => Response | undefined {
  const names = new Set(allowed.map(hostNameOf));

  function isKnown(authority: string): boolean {
    const name = hostNameOf(authority);
    return name !== undefined && (loopback.test(name) || names.has(name));
  }

  return ({ method = "", headers: { host = "", origin }, rawHeaders }) => {
    const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === "host");
    if (hosts.length > 1) return refusal(400, "Bad request", "A request must have exactly one Host header.");
    if (!isKnown(host)) return refusal(403, "Forbidden", foreignHost);
    if (origin === undefined || readOnly.has(method)) return undefined;
    const [, authority] = /^https?:\/\/([^/]+)$/i.exec(origin) ?? [];
    return authority !== undefined && isKnown(authority) ? undefined : refusal(403, "Forbidden", foreignOrigin);
  };
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const readOnly: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

const foreignHost = "This Host is not allowed. Only loopback names and those in the sandbox's allowedHosts are.";
const foreignOrigin = "This Origin is not allowed: web pages of other sites cannot make changes here.";

function refusal(status: number, title: string, detail: string): Response {
  return Response.json({ title, detail }, { status });
}

/** A host's name as URLs have it, without its port and the dot of the root; undefined where there is none. */
function hostNameOf(authority: string): string | undefined {
  if (authority === "" || /[\s/?#@\\]/.test(authority)) return undefined;
  return URL.parse(`http://${authority}`)?.hostname.replace(/\.$/, "");
}
