import type { IncomingMessage } from "node:http";

import type { Context } from "hono";
import { err, ok, ResultAsync } from "neverthrow";

import { bodyTooLarge, type Problem } from "../problems/problem.ts";
import { type ArrivingBodiesOptions, createArrivingBodies } from "./arriving-bodies.ts";
import { bodySourceOf } from "./body-source.ts";
import type { RequestContext } from "../requests/request-context.ts";
import { bodyConsumed, cutShort, faultOf, RequestFault } from "./request-fault.ts";

/** Reads complete bodies, within a limit on all that are still arriving. */
export interface RequestBodies {
  /** Reads a body of up to `largest` bytes. After an error, the rest of the body is not read. */
  read(c: Context<RequestContext>, largest: number): ResultAsync<Uint8Array, Problem>;
}

export function createRequestBodies(options: ArrivingBodiesOptions = {}): RequestBodies {
  const arriving = createArrivingBodies(options);

  function readIncoming(incoming: IncomingMessage, largest: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const body = arriving.begin(settle);

      function settle(fault?: Error): void {
        arriving.end(body);
        // An error may still be emitted. Without a listener it would end the process.
        incoming.off("data", onData).off("end", onEnd).off("error", settle).off("close", onClose).on("error", ignore);
        if (fault) reject(fault);
        else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
      }
      function onData(chunk: Buffer): void {
        chunks.push(chunk);
        if (body.size + chunk.length > largest) settle(new RequestFault(bodyTooLarge));
        else arriving.grow(body, chunk.length);
      }
      const onEnd = (): void => settle();
      const onClose = (): void => settle(new RequestFault(cutShort));

      incoming.on("data", onData).on("end", onEnd).on("error", settle).on("close", onClose);
      const fault = faultOf(incoming);
      if (fault) settle(fault);
      else if (incoming.destroyed) onClose();
    });
  }

  /** Awaits only promises of the stream, so that a test with a manual clock can run it to its end. */
  async function readStream(stream: ReadableStream<Uint8Array>, largest: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    const reader = stream.getReader();
    let fault: RequestFault | undefined;
    const body = arriving.begin((given) => {
      fault = given;
      reader.cancel().catch(ignore);
    });
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        chunks.push(next.value);
        if (body.size + next.value.length > largest) throw new RequestFault(bodyTooLarge);
        arriving.grow(body, next.value.length);
      }
      if (fault) throw fault as RequestFault;
      return Buffer.concat(chunks);
    } finally {
      arriving.end(body);
      reader.cancel().catch(ignore);
    }
  }

  function readFrom(c: Context<RequestContext>, largest: number): Promise<Uint8Array> {
    const source = bodySourceOf(c);
    switch (source.kind) {
      case "incoming":
        return readIncoming(source.incoming, largest);
      case "stream":
        return readStream(source.stream, largest);
      case "kept":
        return source.bytes;
      case "consumed":
        return Promise.reject(new RequestFault(bodyConsumed));
    }
  }

  return {
    read(c, largest) {
      const length = Number(c.req.header("content-length") ?? 0);
      const read = length > largest ? Promise.reject(new RequestFault(bodyTooLarge)) : readFrom(c, largest);
      return ResultAsync.fromPromise(read, (cause) =>
        cause instanceof RequestFault ? cause.problem : cutShort,
      ).andThen((bytes) => (bytes.length > largest ? err(bodyTooLarge) : ok(bytes)));
    },
  };
}

const ignore = (): void => {};
