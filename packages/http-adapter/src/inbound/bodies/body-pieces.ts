import type { IncomingMessage } from "node:http";

import type { Context } from "hono";
import { err, ok, type Result } from "neverthrow";

import type { Problem } from "../problems/problem.ts";
import { bodySourceOf } from "./body-source.ts";
import type { RequestContext } from "../requests/request-context.ts";
import { bodyConsumed, faultOf } from "./request-fault.ts";

/** A request's body as a stream of chunks. */
export interface BodyPieces {
  readonly pieces: AsyncIterator<Uint8Array, unknown>;
  /** No one else uses the memory of the chunks: the consumer may free it. */
  readonly areOwned: boolean;
}

/** Prefers Node's own request: a web stream around it copies every chunk (Node 24). */
export function bodyPieces(c: Context<RequestContext>): Result<BodyPieces, Problem> {
  const source = bodySourceOf(c);
  switch (source.kind) {
    case "incoming":
      return ok({ pieces: piecesOf(source.incoming), areOwned: true });
    case "stream":
      return ok({ pieces: source.stream.values(), areOwned: false });
    case "kept":
      return ok({ pieces: onePiece(source.bytes), areOwned: false });
    case "consumed":
      return err(bodyConsumed);
  }
}

async function* onePiece(bytes: Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield await bytes;
}

/** The chunks as they arrive. A stream's own iterator would join waiting chunks, which copies them. */
async function* piecesOf(incoming: IncomingMessage): AsyncGenerator<Uint8Array> {
  let piece: Uint8Array | undefined;
  let fault: Error | undefined = faultOf(incoming);
  let onChange: () => void = () => {};
  const changed = (): void => onChange();
  const onData = (chunk: Buffer): void => {
    piece = chunk;
    incoming.pause();
    onChange();
  };
  const onError = (error: Error): void => {
    fault = error;
    onChange();
  };
  incoming.on("data", onData).on("end", changed).on("error", onError).on("close", changed);
  try {
    for (;;) {
      incoming.resume();
      while (!piece && !fault && !incoming.readableEnded && !incoming.destroyed) {
        await new Promise<void>((resolve) => (onChange = resolve));
      }
      if (!piece && incoming.readableEnded) return;
      if (!piece) throw fault ?? new Error("the body did not arrive completely");
      const next = piece;
      piece = undefined;
      yield next;
    }
  } finally {
    incoming.pause().off("data", onData).off("end", changed).off("close", changed);
  }
}
