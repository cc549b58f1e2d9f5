import type { IncomingHttpHeaders } from "node:http";

import { err, ok, type Result } from "neverthrow";
import type { Dispatcher } from "undici";

import { httpFailure, type HttpFailure, toHttpFailure } from "./http-failure.ts";

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

/**
 * A request in undici. undici tells the handler when it starts to write the request. That makes "not dispatched" a proof: a
 * request that was abandoned earlier is aborted at that point, before its first byte.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #answer = Promise.withResolvers<Result<HttpAnswer, HttpFailure>>();
  readonly #released = Promise.withResolvers<Result<void, never>>();
  readonly #maxResponseBytes: number;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #answered = false;
  #controller: Dispatcher.DispatchController | undefined;
  #status: number | undefined;
  #headers: IncomingHttpHeaders = {};

  constructor(maxResponseBytes: number) {
    this.#maxResponseBytes = maxResponseBytes;
  }

  /** Resolves with whatever comes first: the answer, an error or the deadline. */
  get answer(): Promise<Result<HttpAnswer, HttpFailure>> {
    return this.#answer.promise;
  }

  /** Resolves when undici has finished with the request, possibly after the answer. */
  get released(): Promise<Result<void, never>> {
    return this.#released.promise;
  }

  start(dispatch: (handler: Dispatcher.DispatchHandler) => void): Promise<Result<void, never>> {
    if (this.#answered) this.#release();
    else dispatch(this);
    return this.released;
  }

  abandon(reason: string): void {
    this.#end(err(httpFailure(this.#progress(), reason)));
    this.#controller?.abort(new Error(reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#answered) controller.abort(new Error("abandoned"));
    else this.#controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#maxResponseBytes) this.#chunks.push(chunk);
    else this.abandon("response too large");
  }

  onResponseEnd(): void {
    const [first, second] = this.#chunks;
    const body = first && !second ? first : Buffer.concat(this.#chunks);
    this.#end(ok({ status: this.#status ?? 0, headers: this.#headers, body }));
    this.#release();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  fail(error: Error): void {
    this.#end(err(toHttpFailure(error, this.#progress())));
    this.#release();
  }

  #progress() {
    return { dispatched: this.#controller !== undefined, status: this.#status };
  }

  #end(result: Result<HttpAnswer, HttpFailure>): void {
    this.#answered = true;
    this.#answer.resolve(result);
  }

  #release(): void {
    this.#released.resolve(ok());
  }
}
