import { type Attributes, type Span, SpanKind } from "@opentelemetry/api";

import { failSpan, inSpan } from "../../spans.ts";
import type { Ended } from "./exchange.ts";
import type { HttpHead } from "./request-head.ts";

// Names and attributes are those of the OpenTelemetry semantic conventions for HTTP. The URL is left out: that of a receiver may
// contain a secret.

/** A kind of call to a server, as its spans show it. */
export interface CallKind {
  readonly name: string;
  readonly attributes: Attributes;
}

/** Describes calls once, not with every call. `template` is the path with names in place of its ids. */
export function callKind(url: string, method: HttpHead["method"], template?: string): CallKind {
  const { hostname, port, protocol } = new URL(url);
  return {
    name: template === undefined ? method : `${method} ${template}`,
    attributes: {
      "http.request.method": method,
      "server.address": hostname,
      "server.port": Number(port) || (protocol === "https:" ? 443 : 80),
      ...(template !== undefined && { "url.template": template }),
    },
  };
}

/** Makes a call in a client span of its own. */
export function inClientSpan<T>({ name, attributes }: CallKind, work: (span: Span) => PromiseLike<T>): Promise<T> {
  return inSpan({ name, kind: SpanKind.CLIENT, attributes }, work);
}

/** Notes in the span how the call ended. A status from 400 on is an error, unless it is `expected`. */
export function notedEnd(span: Span, ended: Ended, expected: readonly number[] = []): Ended {
  if (!span.isRecording()) return ended;
  const { status } = ended.isOk() ? ended.value : ended.error;
  if (status !== undefined) noteStatus(span, status, expected);
  if (ended.isErr()) failSpan(span, ended.error.cause ?? "no answer");
  return ended;
}

function noteStatus(span: Span, status: number, expected: readonly number[]): void {
  span.setAttribute("http.response.status_code", status);
  if (status >= 400 && !expected.includes(status)) failSpan(span, String(status));
}
