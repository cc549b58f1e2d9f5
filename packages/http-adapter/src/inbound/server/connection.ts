import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

import { type BodyEnd, chunkedBody, sizedBody } from "./body-end.ts";
import { freeMemory } from "../bodies/free-memory.ts";
import { headSize, withoutEmptyLines } from "./piece-size.ts";
import type { Problem } from "../problems/problem.ts";
import { rawAnswer } from "./raw-answer.ts";
import { failBody } from "../bodies/request-fault.ts";

export type Answer = (incoming: IncomingMessage, outgoing: ServerResponse) => unknown;

/**
 * A client's connection. Its requests are answered in order, and each is parsed only after the previous one is answered. A request
 * that gets a connection-level error never reaches the app. A request that has reached the app is answered by the app before the
 * connection ends.
 */
export interface Connection {
  /** Passes a request to the app when its turn comes. */
  take(incoming: IncomingMessage, outgoing: ServerResponse, answer: Answer): void;
  /** The received bytes are not a request. Answers the requests before them, sends `problem`, and destroys the socket. */
  fail(problem: Problem): void;
  /** The arriving request is late: fails the connection, unless that request is exempt. */
  timeOut(problem: Problem, isExempt: IsExempt): void;
  /** Closes the connection with the answer to the last received request. */
  closeAfterAnswer(): void;
}

/** Whether a request may take longer than others to arrive. */
type IsExempt = (incoming: IncomingMessage) => boolean;

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly answer: Answer;
}

/** How long a client may take to read the last answer and close its half of the connection. */
const lingerMs = 1000;
const large = 16 * 1024;

/** Sits between a socket and Node's parser, and passes bytes to the parser when it is their turn. */
export function openConnection(socket: Socket, { checkAgainMs }: { readonly checkAgainMs: number }): Connection {
  const parse = takeListener(socket, "data");
  const parseEnd = takeListener(socket, "end");
  socket.on("data", receive).on("end", receiveEnd);

  /** The unanswered requests. The app is processing the first. */
  const open: Exchange[] = [];
  /** The last request, until its body is complete. */
  let newest: IncomingMessage | undefined;
  let requests = 0;
  /** Bytes that were received and not parsed yet. */
  let held: Buffer | undefined;
  /** Where the newest request's body ends. */
  let bodyEnd: BodyEnd = sizedBody(0);
  /** Whether the parser is between two requests. */
  let isBetween = true;
  let isHolding = false;
  let hasAllCome = false;
  let isClosing = false;
  let hasEnded = false;
  let fault: Problem | undefined;

  const isComing = (): boolean => newest?.complete === false;

  function receive(bytes: Buffer): void {
    if (fault) return;
    held = held ? Buffer.concat([held, bytes]) : bytes;
    parseHeld();
    // Node's parser copies the parts of a body that it passes on.
    if (!held && bytes.length >= large) freeMemory(bytes);
  }

  /** A client that has closed its half of the connection still gets its answers. */
  function receiveEnd(): void {
    hasAllCome = true;
    if (!isHolding) finishParsing();
  }

  function finishParsing(): void {
    if (fault || socket.destroyed) return;
    if (held) parse(held);
    held = undefined;
    parseEnd();
  }

  function parseHeld(): void {
    while (held && !fault && !socket.destroyed) {
      const hasBody = isComing();
      if (!hasBody && open.length > 0) return hold();
      if (!hasBody && isBetween) held = withoutEmptyLines(held);
      const size = hasBody ? bodyEnd(held) : headSize(held);
      const piece = held.subarray(0, size);
      held = size < held.length ? held.subarray(size) : undefined;
      if (size === 0) break;
      isBetween &&= hasBody;
      parse(piece);
    }
    if (!isHolding) return;
    isHolding = false;
    if (hasAllCome) finishParsing();
    else socket.resume();
  }

  function hold(): void {
    isHolding = true;
    socket.pause();
  }

  function begin({ incoming, outgoing, answer }: Exchange): void {
    closeWithLast();
    answer(incoming, outgoing);
  }

  function finish(exchange: Exchange): void {
    open.splice(open.indexOf(exchange), 1);
    if (socket.destroyed) return;
    if (!isComing()) newest = undefined;
    const [next] = open;
    if (next) begin(next);
    else if (fault) end(fault);
    // Lets other connections go first: a client may have pipelined thousands of requests.
    else if (isHolding) setImmediate(parseHeld);
  }

  /** If the body of a request failed, the app has answered it. */
  function end(problem: Problem): void {
    if (hasEnded) return;
    hasEnded = true;
    if (!socket.writable) return void socket.destroy();
    if (!isComing()) socket.write(rawAnswer(problem));
    socket.end();
    const overdue = setTimeout(() => socket.destroy(), lingerMs);
    socket.once("close", () => clearTimeout(overdue));
  }

  function closeWithLast(): void {
    const [{ incoming, outgoing } = {}, ...others] = open;
    if (!outgoing || outgoing.headersSent || others.length > 0) return;
    const isLast = fault ? incoming === newest && isComing() : isClosing && !held;
    if (isLast) outgoing.setHeader("connection", "close");
  }

  function fail(problem: Problem): void {
    if (fault) return;
    fault = problem;
    held = undefined;
    socket.resume();
    if (newest && isComing() && isUnanswered(newest)) {
      closeWithLast();
      failBody(newest, problem);
    }
    if (open.length === 0) end(problem);
  }

  function isUnanswered(incoming: IncomingMessage): boolean {
    return open.at(-1)?.incoming === incoming;
  }

  /** Data that arrived in time may be unread. The event loop reads it before the `setImmediate` callback. */
  function timeOut(problem: Problem, isExempt: IsExempt): void {
    const [requestsThen, wasComing] = [requests, isComing()];
    setImmediate(() => {
      if (fault || socket.destroyed || (newest && isComing() && isUnanswered(newest) && isExempt(newest))) return;
      const isSame = requests === requestsThen && isComing() === wasComing;
      if (isSame && (wasComing || open.length === 0)) fail(problem);
      else if (isSame || isComing()) checkAgain(() => timeOut(problem, isExempt));
    });
  }

  /** Node reports a late request only once, so check again. */
  function checkAgain(check: () => void): void {
    const [requestsThen, wasComing] = [requests, isComing()];
    const timer = setTimeout(() => {
      if (requests === requestsThen && isComing() === wasComing) check();
    }, checkAgainMs);
    socket.once("close", () => clearTimeout(timer));
  }

  return {
    take(incoming, outgoing, answer) {
      if (fault) return;
      const exchange = { incoming, outgoing, answer };
      requests += 1;
      newest = incoming;
      const { "transfer-encoding": encoding, "content-length": length = 0 } = incoming.headers;
      bodyEnd = encoding === undefined ? sizedBody(Number(length)) : chunkedBody();
      isBetween = true;
      open.push(exchange);
      outgoing.once("close", () => finish(exchange));
      if (open.length > 1) return;
      // Whether another request follows is only known after all received bytes are parsed.
      if (isClosing) setImmediate(() => open.includes(exchange) && begin(exchange));
      else begin(exchange);
    },
    fail,
    timeOut,
    closeAfterAnswer() {
      isClosing = true;
      closeWithLast();
    },
  };
}

/** On a new connection, Node's parser is the last listener. */
function takeListener(socket: Socket, event: "data" | "end"): (bytes?: Buffer) => void {
  const listener = socket.listeners(event).at(-1) as ((bytes?: Buffer) => void) | undefined;
  if (!listener) throw new Error("this version of Node does not parse requests as Node 24 does");
  socket.removeListener(event, listener);
  return listener;
}
