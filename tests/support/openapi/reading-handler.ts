import type { Dispatcher } from "undici";

import type { Exchange } from "./answer-check.ts";

type Handler = Dispatcher.DispatchHandler;
type Controller = Dispatcher.DispatchController;

/** Passes everything on, and reports the answer once it is complete. */
export class ReadingHandler implements Handler {
  readonly #next: Handler;
  readonly #request: Pick<Exchange, "method" | "path">;
  readonly #report: (exchange: Exchange) => void;
  readonly #chunks: Buffer[] = [];
  #head: Pick<Exchange, "status" | "headers"> | undefined;

  constructor(next: Handler, request: Pick<Exchange, "method" | "path">, report: (exchange: Exchange) => void) {
    this.#next = next;
    this.#request = request;
    this.#report = report;
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#next.onRequestStart?.(controller, context);
  }

  onRequestUpgrade(...given: Parameters<NonNullable<Handler["onRequestUpgrade"]>>): void {
    this.#next.onRequestUpgrade?.(...given);
  }

  onResponseStart(...given: Parameters<NonNullable<Handler["onResponseStart"]>>): void {
    const [, status, headers] = given;
    const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
    if (status >= 200) this.#head = { status, headers: Object.fromEntries(named) };
    this.#next.onResponseStart?.(...given);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#chunks.push(Buffer.from(chunk));
    this.#next.onResponseData?.(controller, chunk);
  }

  onResponseEnd(...given: Parameters<NonNullable<Handler["onResponseEnd"]>>): void {
    if (this.#head) this.#report({ ...this.#request, ...this.#head, body: Buffer.concat(this.#chunks).toString() });
    this.#next.onResponseEnd?.(...given);
  }

  onResponseError(controller: Controller, error: Error): void {
    this.#next.onResponseError?.(controller, error);
  }

  onBodySent(chunk: Buffer): void {
    this.#next.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#next.onRequestSent?.();
  }
}
