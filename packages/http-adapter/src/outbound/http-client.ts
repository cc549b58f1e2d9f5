import { type Clock, createPermits, type R } from "@message-sender/core";
import { createSystemClock } from "@message-sender/core/node";
import { errAsync, ResultAsync } from "neverthrow";
import { type Dispatcher, Pool } from "undici";

import { Exchange, type HttpAnswer } from "./exchange.ts";
import { type HttpFailure, httpFailure } from "./http-failure.ts";

export interface HttpClientOptions {
  /** An http or https URL; a path in it goes before every request's path. */
  readonly origin: string;
  readonly maxConnections: number;
  readonly connectTimeoutMs?: number;
  readonly maxResponseBytes?: number;
  readonly clock?: Clock;
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** Encoded, with its leading slash. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpClient {
  /**
   * Makes the request once: no repeats, no redirects. An answer or a failure comes by `timeoutMs` after the call,
   * whatever the other side does.
   */
  request(request: HttpRequest, timeoutMs: number): R<HttpAnswer, HttpFailure>;
  /** Closes the connections once the requests that are under way have ended; after a second they are cut off. */
  close(): Promise<void>;
}

/** An HTTP/1.1 client for one origin that knows of each failed request whether it was dispatched. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { connectTimeoutMs = 3000, maxResponseBytes = 1024 * 1024, clock = createSystemClock() } = options;
  const { origin, prefix } = parseBaseUrl(options.origin);
  const pool = new Pool(origin, {
    allowH2: false,
    pipelining: 1,
    connections: options.maxConnections,
    connectTimeout: connectTimeoutMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 60_000,
  });
  // undici heeds neither timeouts nor aborts while a request waits in its queue: the wait is here, and the permit is
  // kept until undici is through with the request.
  const permits = createPermits(options.maxConnections, clock);
  let closed: Promise<void> | undefined;

  async function exchangeWithin(timeoutMs: number, dispatchOptions: Dispatcher.DispatchOptions) {
    const exchange = new Exchange(maxResponseBytes);
    const limitMs = Math.min(timeoutMs, 2 ** 31 - 1);
    let hasPermit = false;
    const timer = setTimeout(
      () =>
        exchange.giveUp(hasPermit ? `timed out after ${timeoutMs} ms` : `no free connection within ${timeoutMs} ms`),
      limitMs,
    );
    // Held back by the same deadline as the timer's, which then has the answer.
    const held = permits.within(new Date(clock.now().getTime() + limitMs), () => {
      hasPermit = true;
      return new ResultAsync(exchange.start((handler) => pool.dispatch(dispatchOptions, handler)));
    });
    held.then(ignore, (error) => exchange.fail(error as Error));
    const answer = await exchange.answer;
    clearTimeout(timer);
    return answer;
  }

  async function close(): Promise<void> {
    const overdue = setTimeout(() => void pool.destroy().catch(ignore), closeGraceMs);
    await pool.close().catch(ignore);
    clearTimeout(overdue);
  }

  return {
    request: ({ method, path, headers, body }, timeoutMs) => {
      const oddity = oddityOf(path, headers);
      return oddity
        ? errAsync(httpFailure({ dispatched: false }, oddity, { final: true }))
        : new ResultAsync(
            exchangeWithin(timeoutMs, { method, path: prefix + path, headers, ...(body !== undefined && { body }) }),
          );
    },
    close: () => (closed ??= close()),
  };
}

const closeGraceMs = 1000;

const ignore = (): void => {};

/**
 * What must not reach undici: the pool takes a request that its client refused for one that keeps the client busy, and
 * never uses that client again (undici 8.12).
 */
function oddityOf(path: string, headers: Readonly<Record<string, string>>): string | undefined {
  if (!/^\/[\x21-\x7e]*$/.test(path) || /\/\.{1,2}(?:[/?#]|$)/.test(path)) return "the path is not valid";
  for (const name in headers) {
    if (!/^[\t\x20-\x7e]*$/.test(headers[name] ?? "")) return `the ${name} header is not valid`;
  }
  return undefined;
}

function parseBaseUrl(text: string): { origin: string; prefix: string } {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new TypeError("a base URL is http or https, without user name, query and fragment");
  }
  return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, "") };
}
