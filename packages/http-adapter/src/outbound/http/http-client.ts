import type { LookupFunction } from "node:net";

import { errAsync, ResultAsync } from "neverthrow";
// A server never uses nine tenths of what undici's main module loads: 4 MB.
import Pool from "undici/lib/dispatcher/pool.js";

import { createConnections } from "./connections.ts";
import { Exchange, type ExchangeRequest, type HttpAnswer } from "./exchange.ts";
import type { HttpFailure } from "./http-failure.ts";
import { type ProxyOptions, proxyFor } from "./proxy.ts";
import { connectThrough } from "./proxy-tunnel.ts";
import { encodeHead, type HttpHead } from "./request-head.ts";

export interface HttpClientOptions {
  /** An http or https URL. Its path is prepended to the path of every request. */
  readonly origin: string;
  /** Further requests wait for a free connection, within their time limit. */
  readonly maxConnections: number;
  /** Default: 3,000. */
  readonly connectTimeoutMs?: number;
  /** A longer answer fails. Default: 1 MiB. */
  readonly maxResponseBytes?: number;
  /**
   * Requests a chunk of a streamed body only after the previous one has left this process, so that its memory can be reused.
   * Otherwise a chunk may still wait to be written when the next one is requested.
   */
  readonly unbuffered?: boolean;
  /** Looks up host names. Default: the system's lookup. It is not asked where the host is an address. */
  readonly lookup?: LookupFunction;
  /** Used for an https origin. */
  readonly proxy?: ProxyOptions | undefined;
}

export interface HttpRequest extends HttpHead {
  /** A streamed body uses chunked transfer encoding, with backpressure. */
  readonly body?: string | AsyncIterable<Uint8Array>;
}

export interface HttpClient {
  /**
   * Makes the request once, without retries and redirects. Requests an unencoded answer, and decodes an encoded one up to
   * `maxResponseBytes`. Reads an answer or a failure within `timeoutMs`, whatever the server does. With a streamed body, the
   * server has `timeoutMs` for each chunk, and waiting for the content does not count. The content is released when the request
   * ends. If the content fails, the request is aborted, so that the server cannot take it for complete. Rejects only if `read` throws.
   */
  exchange<T>(request: ExchangeRequest<T>): Promise<T>;
  /** Encodes the head of a request and makes it, by the same rules. */
  request(request: HttpRequest, timeoutMs: number): ResultAsync<HttpAnswer, HttpFailure>;
  /** Closes the connections after the requests in flight have ended. After a second they are aborted. */
  close(): Promise<void>;
}

/** An HTTP/1.1 client for one origin. It reports for each failed request whether it was dispatched. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { connectTimeoutMs = 3000, maxResponseBytes = 1024 * 1024 } = options;
  const { origin, prefix } = parseBaseUrl(options.origin);
  const pool = new Pool(origin, {
    allowH2: false,
    pipelining: 1,
    connections: options.maxConnections,
    connectTimeout: connectTimeoutMs,
    ...connectOf(options, connectTimeoutMs),
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 60_000,
  });
  const connections = createConnections(options.maxConnections);
  const context = { dispatcher: pool, connections, prefix, maxResponseBytes };
  let closed: Promise<void> | undefined;

  function exchange<T>(request: ExchangeRequest<T>): Promise<T> {
    return new Exchange(request, context).result;
  }

  async function close(): Promise<void> {
    const overdue = setTimeout(() => void pool.destroy().catch(ignore), closeGraceMs);
    await pool.close().catch(ignore);
    clearTimeout(overdue);
  }

  return {
    exchange,
    request({ body, ...rest }, timeoutMs) {
      const head = encodeHead(rest);
      return "kind" in head
        ? errAsync(head)
        : new ResultAsync(exchange({ head, body, timeoutMs, read: (ended) => ended }));
    },
    close: () => (closed ??= close()),
  };
}

function connectOf(
  { origin, unbuffered, lookup, proxy }: HttpClientOptions,
  timeoutMs: number,
): Pick<Pool.Options, "connect"> {
  // undici requests the next chunk when the socket's buffer is not full, or has drained.
  const socket = { ...(unbuffered && emptyFirst), ...(lookup && { lookup }) };
  const proxyUrl = proxyFor(origin, proxy);
  if (proxyUrl !== undefined) return { connect: connectThrough(proxyUrl, { timeoutMs, socket }) };
  return unbuffered || lookup ? { connect: socket } : {};
}

/** Passed to `net.connect` and `tls.connect`. undici's types omit it. */
const emptyFirst: object = { highWaterMark: 1 };

const closeGraceMs = 1000;

const ignore = (): void => {};

function parseBaseUrl(text: string): { origin: string; prefix: string } {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new TypeError("a base URL must be http or https, without user name, query and fragment");
  }
  return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, "") };
}
