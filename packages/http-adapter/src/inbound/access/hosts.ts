import type { IncomingMessage } from "node:http";

import type { Context } from "hono";
import { createMiddleware } from "hono/factory";

import { incomingOf } from "../requests/incoming.ts";
import { invalidRequest, type Problem } from "../problems/problem.ts";
import type { RequestContext } from "../requests/request-context.ts";
import { respondProblem } from "../requests/respond.ts";

/** Rejects an HTTP/1.1 request without exactly one Host header (RFC 9112, section 3.2). */
export const oneHost = createMiddleware<RequestContext>((c, next) => {
  const incoming = incomingOf(c);
  if (!incoming || incoming.httpVersionMajor > 1) return next();
  const count = hostHeadersOf(incoming);
  const isRight = count === 1 || (count === 0 && incoming.httpVersionMinor === 0);
  return isRight ? next() : refuse(c, severalHosts);
});

/**
 * Rejects a request whose Host is neither a loopback name nor in `allowed`: DNS rebinding lets a web page reach an
 * unauthenticated server under a foreign name. Also rejects a request with side effects that a page of a foreign Origin makes.
 */
export function knownHost(allowed: readonly string[]) {
  const isKnown = knownAmong(allowed);
  return createMiddleware<RequestContext>((c, next) => {
    if (!authoritiesOf(c).every(isKnown)) return refuse(c, foreignHost);
    const origin = originOf(c);
    return origin === undefined || isKnown(origin) ? next() : refuse(c, foreignOrigin);
  });
}

const isLoopback = knownAmong([]);

/** Rejects a request with side effects whose Origin is neither the host that it was sent to nor a loopback name. */
export const ownOrigin = createMiddleware<RequestContext>((c, next) => {
  const origin = originOf(c);
  if (origin === undefined || isLoopback(origin)) return next();
  return knownAmong(authoritiesOf(c))(origin) ? next() : refuse(c, foreignOrigin);
});

/**
 * The authority of the Origin of a request with side effects; undefined if no web page makes it. Empty if the Origin has none, as
 * `null`, or if it is absent and `Sec-Fetch-Site` says that a page of another site makes the request.
 */
function originOf(c: Context<RequestContext>): string | undefined {
  if (readOnly.has(c.req.method)) return undefined;
  const origin = c.req.header("origin");
  if (origin === undefined) return c.req.header("sec-fetch-site") === "cross-site" ? "" : undefined;
  return /^https?:\/\/([^/]+)$/i.exec(origin)?.[1] ?? "";
}

/** Returns whether an authority names a loopback host or one of `allowed`. */
export function knownAmong(allowed: readonly string[]): (authority: string) => boolean {
  const names = new Set(allowed.map((name) => hostNameOf(name)));
  return (authority) => {
    if (usual.test(authority)) return true;
    const name = hostNameOf(authority);
    return name !== undefined && (loopback.test(name) || names.has(name));
  };
}

const usual = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const readOnly: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

const severalHosts = invalidRequest("A request must have exactly one Host header.");
const foreignHost: Problem = {
  status: 403,
  type: "forbidden",
  detail: "This Host is not allowed. Use a loopback name or a host in ALLOWED_HOSTS.",
};
const foreignOrigin: Problem = {
  status: 403,
  type: "forbidden",
  detail: "This Origin is not allowed: pages of other sites cannot make changes here.",
};

/** The hosts that a request names: in its header and, if the request target is an absolute URL, in the target. */
function authoritiesOf(c: Context<RequestContext>): readonly string[] {
  const header = c.req.header("host");
  if (header !== undefined && incomingOf(c)?.url?.startsWith("/") === true) return [header];
  const { host } = new URL(c.req.url);
  return header === undefined ? [host] : [header, host];
}

/** Node keeps only the first one, except in `rawHeaders`, where names and values alternate. */
function hostHeadersOf({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === "host") count += 1;
  }
  return count;
}

/** The normalised host name without port and trailing dot. Undefined if the authority is invalid. */
function hostNameOf(authority: string): string | undefined {
  if (/[\s/?#@\\]/.test(authority)) return undefined;
  return URL.parse(`http://${authority}`)?.hostname.replace(/\.$/, "");
}

function refuse(c: Context<RequestContext>, problem: Problem): Promise<Response> {
  return Promise.resolve(respondProblem(c, problem));
}
