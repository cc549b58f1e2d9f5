import type { IncomingMessage } from "node:http";

import type { Context } from "hono";

import { incomingOf } from "./incoming.ts";
import type { RequestContext } from "./request-context.ts";
import { bodyConsumed } from "./request-fault.ts";

/** Where the bytes of a request's body are. */
export type BodySource =
  /** They arrive on Node's own request, which nobody has read: a web stream made of it costs more. */
  | { readonly kind: "incoming"; readonly incoming: IncomingMessage }
  | { readonly kind: "stream"; readonly stream: ReadableStream<Uint8Array> }
  /** Somebody has read them and kept them as they came. */
  | { readonly kind: "kept"; readonly bytes: Promise<Uint8Array> }
  /** Somebody has read them, and they are gone. */
  | { readonly kind: "consumed" };

/** Finds the body of a request, also where a framework around the app has already read it. */
export function bodySourceOf(c: Context<RequestContext>): BodySource {
  const source = findBody(c);
  if (source.kind === "consumed") c.get("logger").error({ request_id: c.get("requestId") }, bodyConsumed.detail);
  return source;
}

function findBody(c: Context<RequestContext>): BodySource {
  const cached = cachedBody(c);
  if (cached) return cached;
  const incoming = incomingOf(c);
  return incoming && !isBuiltAnew(c.req.raw) ? sourceOfIncoming(incoming) : sourceOfWeb(c.req.raw);
}

/** @hono/node-server's own requests only stand for Node's. One that Hono's `mount` has made of it has begun to read it. */
function isBuiltAnew(request: Request): boolean {
  return Object.getPrototypeOf(request) === Request.prototype;
}

/** What Express's parsers and cloud functions leave on a request. */
type ParsedRequest = IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown };

function sourceOfIncoming(incoming: ParsedRequest): BodySource {
  const kept = [incoming.rawBody, incoming.body].find((body) => Buffer.isBuffer(body));
  if (kept) return { kind: "kept", bytes: Promise.resolve(kept) };
  // An encoding makes its bytes a text, which is not the same.
  const isUntouched = !incoming.readableDidRead && incoming.readableEncoding === null;
  return isUntouched ? { kind: "incoming", incoming } : { kind: "consumed" };
}

function sourceOfWeb({ body, bodyUsed }: Request): BodySource {
  if (body === null) return { kind: "kept", bytes: Promise.resolve(new Uint8Array()) };
  return bodyUsed || body.locked ? { kind: "consumed" } : { kind: "stream", stream: body };
}

/** A Hono app around this one has read it: Hono keeps it, a form aside as it came. */
function cachedBody({ req }: Context<RequestContext>): BodySource | undefined {
  const { bodyCache } = req;
  const isKept = bodyCache.arrayBuffer ?? bodyCache.text ?? bodyCache.blob;
  if (isKept) return { kind: "kept", bytes: req.arrayBuffer().then((buffer) => new Uint8Array(buffer)) };
  return bodyCache.formData || bodyCache.json ? { kind: "consumed" } : undefined;
}
