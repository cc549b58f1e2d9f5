import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

import { type BodyEnd, chunkedBody, sizedBody } from "./body-end.ts";
import { freeMemory } from "../bodies/free-memory.ts";
import { headSize, withoutEmptyLines } from "./piece-size.ts";
import type { Problem } from "../problems/problem.ts";
import { rawAnswer } from "./raw-answer.ts";
import { failBody } from "../bodies/request-fault.ts";
import type { GatheredRequest } from "../requests/gathered-request.ts";

export type Answer = (incoming: GatheredRequest, outgoing: ServerResponse) => unknown;

/**
 * A client's connection. Its requests are answered in order, and each is parsed only after the previous one is answered. A request
 * that gets a connection-level error never reaches the app. A request that has reached the app is answered by the app before the
 * connection ends.
 */
export interface Connection {
  /** Passes a request to the app when its turn comes. */
  take(incoming: GatheredRequest, outgoing: ServerResponse, answer: Answer): void;
  /** The received bytes are not a request. Answers the requests before them, sends `problem`, and destroys the socket. */
  fail(problem: Problem): void;
  /** The arriving request is late: fails the connection, unless that request is exempt. */
  timeOut(problem: Problem, isExempt: IsExempt): void;
  /** Closes the connection with the answer to the last received request. */
  closeAfterAnswer(): void;
}

/** Whether a request may take longer than others to arrive. */
type IsExempt = (incoming: GatheredRequest) => boolean;

interface Exchange {
  readonly incoming: GatheredRequest;
  readonly outgoing: ServerResponse;
  readonly answer: Answer;
}

/** How long a client may take to read the last answer and close its half of the connection. */
const lingerMs = 1000;
const large = 16 * 1024;

interface ConnectionOptions {
  readonly checkAgainMs: number;
  readonly onClose: (socket: Socket) => void;
}

/** Sits between a socket and Node's parser, and passes bytes to the parser when it is their turn. */
export function openConnection(socket: Socket, options: ConnectionOptions): Connection {
  return new ParsedConnection(socket, options);
}

/** A class, since ten thousand connections with a closure for each function would keep 11 MB. */
class ParsedConnection implements Connection {
  readonly #socket: Socket;
  readonly #checkAgainMs: number;
  readonly #parse: (bytes: Buffer) => void;
  readonly #parseEnd: () => void;
  /** The unanswered requests. The app is processing the first. */
  #open: Exchange[] = [];
  /** The last request, until its body is complete. */
  #newest: GatheredRequest | undefined;
  #requests = 0;
  /** Bytes that were received and not parsed yet. */
  #held: Buffer | undefined;
  /** Where the newest request's body ends. */
  #bodyEnd: BodyEnd = noBody;
  /** Whether the parser is between two requests. */
  #isBetween = true;
  #isHolding = false;
  #hasAllCome = false;
  #isClosing = false;
  #hasEnded = false;
  #fault: Problem | undefined;

  constructor(socket: Socket, { checkAgainMs, onClose }: ConnectionOptions) {
    this.#socket = socket;
    this.#checkAgainMs = checkAgainMs;
    this.#parse = takeListener(socket, "data");
    this.#parseEnd = takeListener(socket, "end");
    // One listener for both: with a third one, beside the answer's, V8 would make Node's list of them large enough for 20.
    const parseClose = takeListener(socket, "close");
    socket.on("data", (bytes) => this.#receive(bytes)).on("end", () => this.#receiveEnd());
    socket.on("close", () => {
      parseClose();
      onClose(socket);
    });
  }

  take(incoming: GatheredRequest, outgoing: ServerResponse, answer: Answer): void {
    if (this.#fault) return;
    const exchange = { incoming, outgoing, answer };
    this.#requests += 1;
    this.#newest = incoming;
    const { "transfer-encoding": encoding, "content-length": length = 0 } = incoming.headers;
    this.#bodyEnd = encoding === undefined ? sizedBody(Number(length)) : chunkedBody();
    this.#isBetween = true;
    // V8 makes an empty array large enough for 17 elements at the first `push`.
    if (this.#open.length === 0) this.#open = [exchange];
    else this.#open.push(exchange);
    // It closes once. `once` would keep another object and another function for each request that waits.
    outgoing.on("close", () => this.#finish(exchange));
    if (this.#open.length > 1) return;
    // Whether another request follows is only known after all received bytes are parsed.
    if (this.#isClosing) setImmediate(() => this.#open.includes(exchange) && this.#begin(exchange));
    else this.#begin(exchange);
  }

  fail(problem: Problem): void {
    if (this.#fault) return;
    this.#fault = problem;
    this.#held = undefined;
    this.#socket.resume();
    const newest = this.#newest;
    if (newest && this.#isComing() && this.#isUnanswered(newest)) {
      this.#closeWithLast();
      failBody(newest, problem);
    }
    if (this.#open.length === 0) this.#end(problem);
  }

  /** Data that arrived in time may be unread. The event loop reads it before the `setImmediate` callback. */
  timeOut(problem: Problem, isExempt: IsExempt): void {
    const [requestsThen, wasComing] = [this.#requests, this.#isComing()];
    setImmediate(() => {
      if (this.#fault || this.#socket.destroyed) return;
      const newest = this.#newest;
      if (newest && this.#isComing() && this.#isUnanswered(newest) && isExempt(newest)) return;
      const isSame = this.#requests === requestsThen && this.#isComing() === wasComing;
      if (isSame && (wasComing || this.#open.length === 0)) this.fail(problem);
      else if (isSame || this.#isComing()) this.#checkAgain(() => this.timeOut(problem, isExempt));
    });
  }

  closeAfterAnswer(): void {
    this.#isClosing = true;
    this.#closeWithLast();
  }

  #isComing(): boolean {
    return this.#newest?.complete === false;
  }

  #receive(bytes: Buffer): void {
    if (this.#fault) return;
    this.#held = this.#held ? Buffer.concat([this.#held, bytes]) : bytes;
    this.#parseHeld();
    // Node's parser copies the parts of a body that it passes on.
    if (!this.#held && bytes.length >= large) freeMemory(bytes);
  }

  /**
   * A client that has closed its half of the connection still gets its answers. A stream of events has no end: whoever follows one and
   * closes has left, and nothing else says so until the stream has something to write.
   */
  #receiveEnd(): void {
    this.#hasAllCome = true;
    if (this.#open[0]?.incoming.headers.accept === "text/event-stream") return void this.#socket.destroy();
    if (!this.#isHolding) this.#finishParsing();
  }

  #finishParsing(): void {
    if (this.#fault || this.#socket.destroyed) return;
    if (this.#held) this.#parse(this.#held);
    this.#held = undefined;
    this.#parseEnd();
  }

  #parseHeld(): void {
    while (this.#held && !this.#fault && !this.#socket.destroyed) {
      const hasBody = this.#isComing();
      if (!hasBody && this.#open.length > 0) return this.#hold();
      const held: Buffer = !hasBody && this.#isBetween ? withoutEmptyLines(this.#held) : this.#held;
      const size = hasBody ? this.#bodyEnd(held) : headSize(held);
      this.#held = size < held.length ? held.subarray(size) : undefined;
      if (size === 0) break;
      this.#isBetween &&= hasBody;
      this.#parse(held.subarray(0, size));
      if (!this.#isComing()) this.#bodyEnd = noBody;
    }
    if (!this.#isHolding) return;
    this.#isHolding = false;
    if (this.#hasAllCome) this.#finishParsing();
    else this.#socket.resume();
  }

  #hold(): void {
    this.#isHolding = true;
    this.#socket.pause();
  }

  #begin({ incoming, outgoing, answer }: Exchange): void {
    this.#closeWithLast();
    answer(incoming, outgoing);
  }

  #finish(exchange: Exchange): void {
    this.#open.splice(this.#open.indexOf(exchange), 1);
    if (this.#socket.destroyed) return;
    if (!this.#isComing()) this.#newest = undefined;
    const [next] = this.#open;
    if (next) this.#begin(next);
    else if (this.#fault) this.#end(this.#fault);
    // Lets other connections go first: a client may have pipelined thousands of requests.
    else if (this.#isHolding) setImmediate(() => this.#parseHeld());
  }

  /** If the body of a request failed, the app has answered it. */
  #end(problem: Problem): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const socket = this.#socket;
    if (!socket.writable) return void socket.destroy();
    if (!this.#isComing()) socket.write(rawAnswer(problem));
    socket.end();
    const overdue = setTimeout(() => socket.destroy(), lingerMs);
    socket.once("close", () => clearTimeout(overdue));
  }

  #closeWithLast(): void {
    const [{ incoming, outgoing } = {}, ...others] = this.#open;
    if (!outgoing || outgoing.headersSent || others.length > 0) return;
    const isLast = this.#fault ? incoming === this.#newest && this.#isComing() : this.#isClosing && !this.#held;
    if (isLast) outgoing.setHeader("connection", "close");
  }

  #isUnanswered(incoming: GatheredRequest): boolean {
    return this.#open.at(-1)?.incoming === incoming;
  }

  /** Node reports a late request only once, so check again. */
  #checkAgain(check: () => void): void {
    const [requestsThen, wasComing] = [this.#requests, this.#isComing()];
    const timer = setTimeout(() => {
      if (this.#requests === requestsThen && this.#isComing() === wasComing) check();
    }, this.#checkAgainMs);
    this.#socket.once("close", () => clearTimeout(timer));
  }
}

const noBody = sizedBody(0);

/** On a new connection, Node's parser is the last listener. */
function takeListener(socket: Socket, event: "data" | "end" | "close"): (bytes?: Buffer) => void {
  const listener = socket.listeners(event).at(-1) as ((bytes?: Buffer) => void) | undefined;
  if (!listener) throw new Error("this version of Node does not parse requests as Node 24 does");
  socket.removeListener(event, listener);
  return listener;
}
