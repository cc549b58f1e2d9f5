import type { LookupFunction } from "node:net";

import { type Clock, createSemaphore } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import { errAsync, ResultAsync } from "neverthrow";
import { type Dispatcher, Pool } from "undici";

import { decodeAnswer } from "./content-encoding.ts";
import { Exchange, type HttpAnswer } from "./exchange.ts";
import { type HttpFailure, httpFailure } from "./http-failure.ts";
import { type ProxyOptions, proxyFor } from "./proxy.ts";
import { connectThrough } from "./proxy-tunnel.ts";
import { createStreamedBody } from "./streamed-body.ts";

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
  readonly clock?: Clock;
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** Encoded, with its leading slash. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** A streamed body uses chunked transfer encoding, with backpressure. */
  readonly body?: string | AsyncIterable<Uint8Array>;
}

export interface HttpClient {
  /**
   * Makes the request once, without retries and redirects. Requests an unencoded answer, and decodes an encoded one up to
   * `maxResponseBytes`. Returns an answer or a failure within `timeoutMs`, whatever the server does. With a streamed body, the
   * server has `timeoutMs` for each chunk, and waiting for the content does not count. The content is released when the request
   * ends. If the content fails, the request is aborted, so that the server cannot take it for complete.
   */
  request(request: HttpRequest, timeoutMs: number): ResultAsync<HttpAnswer, HttpFailure>;
  /** Closes the connections after the requests in flight have ended. After a second they are aborted. */
  close(): Promise<void>;
}

/** An HTTP/1.1 client for one origin. It reports for each failed request whether it was dispatched. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { connectTimeoutMs = 3000, maxResponseBytes = 1024 * 1024, clock = createSystemClock() } = options;
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
  // undici ignores timeouts and aborts while a request is in its queue. So requests wait here instead, and keep their permit
  // until undici has finished with them.
  const permits = createSemaphore(options.maxConnections, clock);
  let closed: Promise<void> | undefined;

  async function exchangeWithin(timeoutMs: number, { body, ...rest }: RequestOptions) {
    const exchange = new Exchange(maxResponseBytes);
    const limitMs = Math.min(timeoutMs, 2 ** 31 - 1);
    let hasPermit = false;
    const abandon = (): void =>
      exchange.abandon(hasPermit ? `timed out after ${timeoutMs} ms` : `no free connection within ${timeoutMs} ms`);
    let timer = setTimeout(abandon, limitMs);
    const streamed =
      typeof body === "object"
        ? createStreamedBody(body, {
            onAsked: () => clearTimeout(timer),
            onGiven: () => (timer = setTimeout(abandon, limitMs)),
          })
        : undefined;
    // undici accepts async iterables (docs, "Dispatcher.dispatch"), but its types omit them.
    const sent = (streamed ?? body) as Dispatcher.DispatchOptions["body"];
    const dispatchOptions = { ...rest, ...(sent !== undefined && { body: sent }) };
    // The timer has the same deadline, and then provides the answer.
    const held = permits.withPermit(clock.monotonicMs() + limitMs, () => {
      hasPermit = true;
      return new ResultAsync(exchange.start((handler) => pool.dispatch(dispatchOptions, handler)));
    });
    held.then(ignore, (error) => exchange.fail(error as Error));
    const answer = await exchange.answer;
    streamed?.stop();
    clearTimeout(timer);
    return answer.map((whole) => decodeAnswer(whole, maxResponseBytes));
  }

  async function close(): Promise<void> {
    const overdue = setTimeout(() => void pool.destroy().catch(ignore), closeGraceMs);
    await pool.close().catch(ignore);
    clearTimeout(overdue);
  }

  return {
    request: ({ method, path, headers, body }, timeoutMs) => {
      const invalidity = invalidityOf(path, headers);
      return invalidity
        ? errAsync(httpFailure({ dispatched: false }, invalidity, { final: true }))
        : new ResultAsync(
            exchangeWithin(timeoutMs, { method, path: prefix + path, headers: { ...unencoded, ...headers }, body }),
          );
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

interface RequestOptions extends Pick<HttpRequest, "method" | "path" | "headers"> {
  readonly body: HttpRequest["body"] | undefined;
}

/** Short answers are not worth encoding, and an unencoded answer cannot expand. */
const unencoded = { "accept-encoding": "identity" };

/** Passed to `net.connect` and `tls.connect`. undici's types omit it. */
const emptyFirst: object = { highWaterMark: 1 };

const closeGraceMs = 1000;

const ignore = (): void => {};

/** Invalid requests must not reach undici: after its client has refused one, the pool never uses that client again (undici 8.12). */
function invalidityOf(path: string, headers: Readonly<Record<string, string>>): string | undefined {
  if (!/^\/[\x21-\x7e]*$/.test(path) || /\/\.{1,2}(?:[/?#]|$)/.test(path)) return "the path is not valid";
  for (const name in headers) {
    if (!/^[\t\x20-\x7e]*$/.test(headers[name] ?? "")) return `the ${name} header is not valid`;
  }
  return undefined;
}

function parseBaseUrl(text: string): { origin: string; prefix: string } {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new TypeError("a base URL must be http or https, without user name, query and fragment");
  }
  return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, "") };
}
