import { type Clock, createPermits, type R } from "@message-sender/core";
import { createSystemClock } from "@message-sender/core/node";
import { errAsync, ResultAsync } from "neverthrow";
import { type Dispatcher, Pool } from "undici";

import { decodeAnswer } from "./content-encoding.ts";
import { Exchange, type HttpAnswer } from "./exchange.ts";
import { type HttpFailure, httpFailure } from "./http-failure.ts";
import { createStreamedBody } from "./streamed-body.ts";

export interface HttpClientOptions {
  /** An http or https URL; a path in it goes before every request's path. */
  readonly origin: string;
  readonly maxConnections: number;
  readonly connectTimeoutMs?: number;
  readonly maxResponseBytes?: number;
  /**
   * Asks for a piece of a body only once the one before has left this process, so that its memory can be used again. Without
   * it a piece may still wait to be written when the next is asked for.
   */
  readonly unbuffered?: boolean;
  readonly clock?: Clock;
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** Encoded, with its leading slash. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** What comes piece by piece goes out in chunked transfer encoding, never faster than the other side takes it. */
  readonly body?: string | AsyncIterable<Uint8Array>;
}

export interface HttpClient {
  /**
   * Makes the request once: no repeats, no redirects. Asks for an answer that is not encoded, and decodes one that is, as far
   * as it is no longer than `maxResponseBytes` then. An answer or a failure comes by `timeoutMs` after the call,
   * whatever the other side does. With a body that comes piece by piece the other side has as long for each piece, and the
   * time in which a piece is waited for is the content's own. The content is let go of when the request ends; where it
   * fails, the request is broken off, so that no server can take what it has for a whole one.
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
    // undici asks for the next piece once a write says that the socket's buffer is not full, or that it is empty again.
    ...(options.unbuffered && { connect: emptyFirst }),
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 60_000,
  });
  // undici heeds neither timeouts nor aborts while a request waits in its queue: the wait is here, and the permit is
  // kept until undici is through with the request.
  const permits = createPermits(options.maxConnections, clock);
  let closed: Promise<void> | undefined;

  async function exchangeWithin(timeoutMs: number, { body, ...rest }: RequestOptions) {
    const exchange = new Exchange(maxResponseBytes);
    const limitMs = Math.min(timeoutMs, 2 ** 31 - 1);
    let hasPermit = false;
    const giveUp = (): void =>
      exchange.giveUp(hasPermit ? `timed out after ${timeoutMs} ms` : `no free connection within ${timeoutMs} ms`);
    let timer = setTimeout(giveUp, limitMs);
    const streamed =
      typeof body === "object"
        ? createStreamedBody(body, {
            onAsked: () => clearTimeout(timer),
            onGiven: () => (timer = setTimeout(giveUp, limitMs)),
          })
        : undefined;
    // undici takes async iterables (docs, "Dispatcher.dispatch"), which its types leave out.
    const sent = (streamed ?? body) as Dispatcher.DispatchOptions["body"];
    const dispatchOptions = { ...rest, ...(sent !== undefined && { body: sent }) };
    // Held back by the same deadline as the timer's, which then has the answer.
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
      const oddity = oddityOf(path, headers);
      return oddity
        ? errAsync(httpFailure({ dispatched: false }, oddity, { final: true }))
        : new ResultAsync(
            exchangeWithin(timeoutMs, { method, path: prefix + path, headers: { ...unencoded, ...headers }, body }),
          );
    },
    close: () => (closed ??= close()),
  };
}

interface RequestOptions extends Pick<HttpRequest, "method" | "path" | "headers"> {
  readonly body: HttpRequest["body"] | undefined;
}

/** Short answers are not worth encoding, and one that is not encoded cannot grow. */
const unencoded = { "accept-encoding": "identity" };

/** Is handed to `net.connect` and `tls.connect`; undici's types leave it out. */
const emptyFirst: object = { highWaterMark: 1 };

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
