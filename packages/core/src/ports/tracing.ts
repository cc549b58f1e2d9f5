import type { ResultAsync } from "neverthrow";

import type { Identifier, MessageId, OutletRef } from "../content/identifiers.ts";

/** A step that a trace shows as a span. Contains ids only, never content, recipients or secrets. */
export interface TracedStep {
  readonly name: "accept message" | "record status";
  readonly messageId: MessageId;
  readonly outlet: OutletRef;
  readonly conversationId: Identifier;
}

/**
 * Connects the sender's work to distributed traces (W3C Trace Context). Each method calls `work` exactly once and at once, and
 * returns what it returns, whether or not anything is traced.
 */
export interface Tracing {
  /** The `traceparent` of the current work. A message that is accepted without one of its own keeps it. */
  current(): string | undefined;
  /** Runs background work outside the trace of the call that started it. */
  detached<T>(work: () => T): T;
  /** Runs work for a message. Spans that begin in it, but in another trace, are linked to `traceparent`: the message's own trace. */
  forMessage<T>(traceparent: string | undefined, work: () => T): T;
  /** Runs one step as a span. An error marks the span as failed. */
  step<T, E extends { readonly kind: string }>(step: TracedStep, work: () => ResultAsync<T, E>): ResultAsync<T, E>;
}
