import type { IncomingMessage } from "node:http";

import type { Context } from "hono";
import { err, ok, ResultAsync } from "neverthrow";

import { incomingOf } from "./incoming.ts";
import type { Problem } from "../problems/problem.ts";
import type { RequestContext } from "./request-context.ts";
import { cutShort, faultOf, RequestFault, tooSlow } from "./request-fault.ts";

export interface RequestBodiesOptions {
  /** The limit on the total size of the bodies that are still arriving. Default: 64 MiB. */
  readonly mostBytes?: number;
  /** How long one body may take to arrive. Default: 10,000. */
  readonly timeLimitMs?: number;
}

/** Reads whole bodies, and limits the total size of those that are still arriving. */
export interface RequestBodies {
  /**
   * Reads a body of up to `largest` bytes. An error is final: the rest of the body is not read. Beyond the limit on the total,
   * the bodies that have been arriving longest are given up with 503: at a usual pace they would have been complete.
   */
  read(c: Context<RequestContext>, largest: number): ResultAsync<Uint8Array, Problem>;
}

/** One body that is arriving. */
interface Reading {
  size: number;
  /** How often it was looked at since it began to arrive. */
  looks: number;
  /** Ends the reading. */
  fail(fault: RequestFault): void;
}

const looksInTime = 10;

export function createRequestBodies({
  mostBytes = 64 * 1024 * 1024,
  timeLimitMs = 10_000,
}: RequestBodiesOptions = {}): RequestBodies {
  /** The one that has been arriving longest comes first. */
  const readings = new Set<Reading>();
  let bytes = 0;
  let looking: NodeJS.Timeout | undefined;

  function begin(fail: Reading["fail"]): Reading {
    const reading = { size: 0, looks: 0, fail };
    readings.add(reading);
    looking ??= setInterval(look, timeLimitMs / looksInTime).unref();
    return reading;
  }

  function end(reading: Reading): void {
    if (readings.delete(reading)) bytes -= reading.size;
  }

  /** Counts looks and measures no time: while the event loop is late, the server has not read what has arrived. */
  function look(): void {
    if (readings.size === 0) {
      clearInterval(looking);
      looking = undefined;
    }
    for (const reading of readings) {
      reading.looks += 1;
      if (reading.looks > looksInTime) giveUp(reading, tooSlow);
    }
  }

  function grow(reading: Reading, by: number): void {
    reading.size += by;
    bytes += by;
    for (const longest of readings) {
      if (bytes <= mostBytes) return;
      giveUp(longest, crowded);
    }
  }

  function giveUp(reading: Reading, problem: Problem): void {
    end(reading);
    reading.fail(new RequestFault(problem));
  }

  function readIncoming(incoming: IncomingMessage, largest: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const reading = begin(settle);

      function settle(fault?: Error): void {
        end(reading);
        // An error may still come: without a listener it would end the process.
        incoming.off("data", onData).off("end", onEnd).off("error", settle).off("close", onClose).on("error", ignore);
        if (fault) reject(fault);
        else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
      }
      function onData(chunk: Buffer): void {
        chunks.push(chunk);
        if (reading.size + chunk.length > largest) settle(new RequestFault(tooLarge));
        else grow(reading, chunk.length);
      }
      const onEnd = (): void => settle();
      const onClose = (): void => settle(new RequestFault(cutShort));

      incoming.on("data", onData).on("end", onEnd).on("error", settle).on("close", onClose);
      const fault = faultOf(incoming);
      if (fault) settle(fault);
      else if (incoming.destroyed) onClose();
    });
  }

  async function readStream(stream: ReadableStream<Uint8Array>, largest: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    const reader = stream.getReader();
    let fault: RequestFault | undefined;
    const reading = begin((given) => {
      fault = given;
      reader.cancel().catch(ignore);
    });
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        chunks.push(next.value);
        if (reading.size + next.value.length > largest) throw new RequestFault(tooLarge);
        grow(reading, next.value.length);
      }
      if (fault) throw fault as RequestFault;
      return Buffer.concat(chunks);
    } finally {
      end(reading);
      reader.cancel().catch(ignore);
    }
  }

  /** From Node's own request where there is one that nobody has read, since a web stream costs more. */
  async function readFrom(c: Context<RequestContext>, largest: number): Promise<Uint8Array> {
    const incoming = incomingOf(c);
    if (incoming && !incoming.readableDidRead && !("rawBody" in incoming)) {
      return readIncoming(incoming, largest);
    }
    const { body, bodyUsed } = c.req.raw;
    if (body && !bodyUsed) return readStream(body, largest);
    return new Uint8Array(await c.req.arrayBuffer());
  }

  return {
    read(c, largest) {
      const length = Number(c.req.header("content-length") ?? 0);
      const read = length > largest ? Promise.reject(new RequestFault(tooLarge)) : readFrom(c, largest);
      return ResultAsync.fromPromise(read, (cause) =>
        cause instanceof RequestFault ? cause.problem : cutShort,
      ).andThen((bytes) => (bytes.length > largest ? err(tooLarge) : ok(bytes)));
    },
  };
}

const tooLarge: Problem = { status: 413, type: "body-too-large", detail: "The body exceeds the size limit." };
const crowded: Problem = {
  status: 503,
  type: "unavailable",
  detail: "Too much is being sent to this server at once.",
  retryAfterSeconds: 1,
};

const ignore = (): void => {};
