import type { IncomingHttpHeaders } from "node:http";

import { err, ok, type Result } from "neverthrow";
import type { Dispatcher } from "undici";

import { laterThisTurn } from "../../later-this-turn.ts";
import type { Connections, ConnectionUser } from "./connections.ts";
import { decodeBody } from "./content-encoding.ts";
import { httpFailure, type HttpFailure, toHttpFailure } from "./http-failure.ts";
import type { RequestHead } from "./request-head.ts";
import { createStreamedBody, type StreamedBody } from "./streamed-body.ts";

/** A complete answer, with any status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly body: Buffer;
}

/** Services use different 2xx statuses for the same result. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** How an exchange ended. */
export type Ended = Result<HttpAnswer, HttpFailure>;

/** A request, and what becomes of its answer. */
export interface ExchangeRequest<T> {
  readonly head: RequestHead;
  readonly body: string | AsyncIterable<Uint8Array> | undefined;
  readonly timeoutMs: number;
  /** Called right before the first byte. With false nothing is sent, and the connection is kept. */
  readonly mayBegin?: (() => boolean) | undefined;
  /** Interprets the end of the exchange, once all sockets of the turn of the event loop are read. Called once. */
  readonly read: (ended: Ended) => T;
}

/** What the exchanges of a client have in common. */
export interface ExchangeContext {
  readonly dispatcher: Dispatcher;
  readonly connections: Connections;
  /** Precedes every path. */
  readonly prefix: string;
  readonly maxResponseBytes: number;
}

/**
 * A request, and its handler in undici. undici tells the handler when it starts to write the request. That makes "not dispatched"
 * a proof: a request that was abandoned earlier is aborted at that point, before its first byte.
 */
export class Exchange<T> implements ConnectionUser, Dispatcher.DispatchHandler {
  /** What `read` makes of whatever comes first: the answer, an error or the deadline. */
  readonly result: Promise<T>;
  readonly #request: ExchangeRequest<T>;
  readonly #context: ExchangeContext;
  readonly #streamed: StreamedBody | undefined;
  #resolve!: (result: T) => void;
  #reject!: (error: unknown) => void;
  #timer!: NodeJS.Timeout;
  #lastLook: NodeJS.Immediate | undefined;
  #isStarted = false;
  #ended: Ended | undefined;
  #isReleased = false;
  #controller: Dispatcher.DispatchController | undefined;
  #status: number | undefined;
  #headers: IncomingHttpHeaders = noHeaders;
  #first: Buffer | undefined;
  #further: Buffer[] | undefined;
  #bytes = 0;

  /** Begins at once: its time runs, and it gets a connection as soon as one is free. */
  constructor(request: ExchangeRequest<T>, context: ExchangeContext) {
    this.#request = request;
    this.#context = context;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#limitTime();
    if (typeof request.body === "object") {
      const turns = { onAsked: () => this.#stopTime(), onGiven: () => this.#limitTime() };
      this.#streamed = createStreamedBody(request.body, turns);
    }
    context.connections.take(this);
  }

  /** It has a connection, and keeps it until undici has finished with the request, possibly after its end. */
  start(): void {
    this.#isStarted = true;
    const { dispatcher, prefix } = this.#context;
    const { head, body } = this.#request;
    const { method, headers } = head;
    // undici accepts async iterables (docs, "Dispatcher.dispatch"), but its types omit them.
    const sent = (this.#streamed ?? body ?? null) as NonNullable<Dispatcher.DispatchOptions["body"]> | null;
    const path = prefix + head.path;
    try {
      dispatcher.dispatch({ method, path, headers: headers as string[], body: sent }, this);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#ended) controller.abort(new Error("abandoned"));
    // undici drops a request whose handler throws here, and not its connection. It calls this again if it retries (docs, "Dispatcher.dispatch").
    else if (this.#controller) throw begunBefore();
    else if (this.#request.mayBegin?.() === false) throw heldBack();
    else this.#controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#context.maxResponseBytes) this.#abandon("response too large");
    else if (this.#first === undefined) this.#first = chunk;
    else (this.#further ??= []).push(chunk);
  }

  onResponseEnd(): void {
    if (!this.#ended) this.#end(ok({ status: this.#status ?? 0, headers: this.#headers, body: this.#body() }));
    this.#release();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #body(): Buffer {
    const [first, further] = [this.#first ?? nothing, this.#further];
    const body = further ? Buffer.concat([first, ...further]) : first;
    const encoding = this.#headers["content-encoding"];
    return encoding === undefined ? body : decodeBody(body, String(encoding), this.#context.maxResponseBytes);
  }

  #limitTime(): void {
    this.#timer = setTimeout(() => this.#expire(), Math.min(this.#request.timeoutMs, longestMs));
  }

  #expire(): void {
    const { timeoutMs } = this.#request;
    const reason = `timed out after ${timeoutMs} ms`;
    if (this.#controller) return this.#lookOnce(reason);
    if (this.#isStarted) return this.#abandon(reason);
    this.#context.connections.leave(this);
    return this.#abandon(`no free connection within ${timeoutMs} ms`);
  }

  /**
   * Abandons it unless its answer has arrived. Timers come before sockets in a turn of the event loop: if the process was held up, an
   * answer that arrived in time is still to be read, and a message whose answer is not read is sent again.
   */
  #lookOnce(reason: string): void {
    this.#lastLook = setImmediate(() => this.#abandon(reason));
  }

  #stopTime(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#lastLook);
  }

  #abandon(reason: string): void {
    this.#end(err(httpFailure(this.#progress(), reason)));
    this.#controller?.abort(new Error(reason));
  }

  #fail(error: Error): void {
    this.#end(err(toHttpFailure(error, this.#progress())));
    this.#release();
  }

  #progress() {
    return { dispatched: this.#controller !== undefined, status: this.#status };
  }

  #end(ended: Ended): void {
    if (this.#ended) return;
    this.#ended = ended;
    this.#stopTime();
    this.#streamed?.stop();
    settle(this);
  }

  /** Resolves `result` with what `read` makes of the end. Called once. */
  settle(): void {
    try {
      this.#resolve(this.#request.read(this.#ended as Ended));
    } catch (error) {
      this.#reject(error);
    }
  }

  #release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#context.connections.release();
  }
}

const settle = laterThisTurn((exchange: Pick<Exchange<unknown>, "settle">) => exchange.settle());

const begunBefore = (): Error => Object.assign(new Error("begun before"), { code: "BEGUN_BEFORE" });

const heldBack = (): Error => Object.assign(new Error("held back"), { code: "HELD_BACK" });

/** A timer cannot wait longer. */
const longestMs = 2 ** 31 - 1;

const noHeaders: IncomingHttpHeaders = {};

const nothing = Buffer.alloc(0);
