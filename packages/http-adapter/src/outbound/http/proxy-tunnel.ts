import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Socket } from "node:net";

import type { buildConnector } from "undici";
import createConnector from "undici/lib/core/connect.js";

/** Why there is no tunnel. No byte of a request was sent: a request begins once the tunnel is there. */
class ProxyError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

interface TunnelOptions {
  /** For the tunnel, and again for TLS within it. */
  readonly timeoutMs: number;
  /** Options of the sockets. */
  readonly socket: object;
}

/** Connects to https servers through the tunnels of an HTTP proxy (RFC 9110, 9.3.6). */
export function connectThrough(proxy: string, { timeoutMs, socket: options }: TunnelOptions): buildConnector.connector {
  const startTls = createConnector({ allowH2: false, timeout: timeoutMs, ...options });
  const url = new URL(proxy);
  const authorization = authorizationOf(url);

  function openTunnel(host: string, onEnd: (error: ProxyError | null, tunnel?: Socket) => void): void {
    let hasEnded = false;
    const ended = (error: ProxyError | null, tunnel?: Socket): void => {
      clearTimeout(overdue);
      if (!hasEnded) onEnd(error, tunnel);
      hasEnded = true;
    };
    const connect = (url.protocol === "https:" ? requestHttps : requestHttp)({
      ...options,
      host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: url.port || (url.protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: host,
      agent: false,
      headers: { host, ...(authorization !== undefined && { "proxy-authorization": authorization }) },
    });
    const overdue = setTimeout(() => connect.destroy(new ProxyError("PROXY_TIMEOUT")), timeoutMs);
    connect.once("connect", ({ statusCode = 0 }, tunnel: Socket) => {
      if (statusCode >= 200 && statusCode <= 299) return ended(null, tunnel);
      tunnel.destroy();
      return ended(new ProxyError(statusCode === 407 ? "PROXY_AUTHENTICATION" : "PROXY_REFUSED"));
    });
    connect.on("error", (error) => ended(error instanceof ProxyError ? error : new ProxyError("PROXY_UNREACHABLE")));
    // An answer to CONNECT that Node does not take for one.
    connect.once("response", () => connect.destroy(new ProxyError("PROXY_REFUSED")));
    connect.end();
  }

  return (target, callback) => {
    openTunnel(`${target.hostname}:${target.port || 443}`, (error, httpSocket) => {
      if (!httpSocket) return callback(error ?? new ProxyError("PROXY_UNREACHABLE"), null);
      return startTls({ ...target, httpSocket }, callback);
    });
  };
}

function authorizationOf({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}
