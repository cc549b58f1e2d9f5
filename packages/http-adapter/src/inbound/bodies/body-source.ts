import type { IncomingMessage } from "node:http";

import type { Context } from "hono";

import { incomingOf } from "../requests/incoming.ts";
import type { RequestContext } from "../requests/request-context.ts";
import { bodyConsumed } from "./request-fault.ts";

/** Where to read a request's body. */
export type BodySource =
  /** Node's own request, still unread. A web stream around it would be slower. */
  | { readonly kind: "incoming"; readonly incoming: IncomingMessage }
  | { readonly kind: "stream"; readonly stream: ReadableStream<Uint8Array> }
  /** Another handler has read the body and kept the raw bytes. */
  | { readonly kind: "kept"; readonly bytes: Promise<Uint8Array> }
  /** Another handler has read the body, and the raw bytes are lost. */
  | { readonly kind: "consumed" };

/** Finds the body of a request, even if a framework around the app has read it. */
export function bodySourceOf(c: Context<RequestContext>): BodySource {
  const source = findBody(c);
  if (source.kind === "consumed") c.get("logger").error({ request_id: c.get("requestId") }, bodyConsumed.detail);
  return source;
}

function findBody(c: Context<RequestContext>): BodySource {
  const cached = cachedBody(c);
  if (cached) return cached;
  const incoming = incomingOf(c);
  return incoming && !isRebuilt(c.req.raw) ? sourceOfIncoming(incoming) : sourceOfWeb(c.req.raw);
}

/** @hono/node-server's requests read Node's request lazily. A request that Hono's `mount` builds starts reading at once. */
function isRebuilt(request: Request): boolean {
  return Object.getPrototypeOf(request) === Request.prototype;
}

/** Where Express's parsers and cloud functions store what they have read. */
type ParsedRequest = IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown };

function sourceOfIncoming(incoming: ParsedRequest): BodySource {
  const kept = [incoming.rawBody, incoming.body].find((body) => Buffer.isBuffer(body));
  if (kept) return { kind: "kept", bytes: Promise.resolve(kept) };
  // With an encoding the stream yields text instead of bytes.
  const isUntouched = !incoming.readableDidRead && incoming.readableEncoding === null;
  return isUntouched ? { kind: "incoming", incoming } : { kind: "consumed" };
}

function sourceOfWeb({ body, bodyUsed }: Request): BodySource {
  if (body === null) return { kind: "kept", bytes: Promise.resolve(new Uint8Array()) };
  return bodyUsed || body.locked ? { kind: "consumed" } : { kind: "stream", stream: body };
}

/** If a Hono app around this one has read the body, Hono has cached it. A form cannot be turned back into its bytes. */
function cachedBody({ req }: Context<RequestContext>): BodySource | undefined {
  const { bodyCache } = req;
  const isKept = bodyCache.arrayBuffer ?? bodyCache.text ?? bodyCache.blob;
  if (isKept) return { kind: "kept", bytes: req.arrayBuffer().then((buffer) => new Uint8Array(buffer)) };
  return bodyCache.formData || bodyCache.json ? { kind: "consumed" } : undefined;
}
