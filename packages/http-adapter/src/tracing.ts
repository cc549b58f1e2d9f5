import type { TracedStep, Tracing } from "@message-sender/core/adapter";
import { SpanKind } from "@opentelemetry/api";
import { ResultAsync } from "neverthrow";

import { maskNumbers } from "./masked-numbers.ts";
import { failSpan, inSpan, isTracing } from "./spans.ts";
import { currentTrace, formatTraceparent, runDetached, runForMessages } from "./trace-context.ts";

/**
 * The `Tracing` port over the OpenTelemetry API. Without an OpenTelemetry SDK in the process, it passes `traceparent` through and
 * does nothing else.
 *
 * @example
 * ```ts
 * const sender = createMessageSender({ ...ports, tracing: createOpenTelemetryTracing() });
 * ```
 */
export function createOpenTelemetryTracing(): Tracing {
  return {
    current() {
      const current = currentTrace();
      return current && formatTraceparent(current);
    },
    detached: runDetached,
    forMessage: (traceparent, work) => runForMessages([traceparent], work),
    step: (step, work) => (isTracing() ? inStep(step, work) : work()),
  };
}

function inStep<T, E extends { readonly kind: string }>(
  step: TracedStep,
  work: () => ResultAsync<T, E>,
): ResultAsync<T, E> {
  const start = { name: step.name, kind: SpanKind.INTERNAL, attributes: attributesOf(step) };
  const ended = inSpan(start, (span) => work().orTee(({ kind }) => failSpan(span, kind)));
  return new ResultAsync(ended);
}

function attributesOf({ messageId, outlet, conversationId }: TracedStep) {
  return {
    "message_sender.message_id": messageId,
    "message_sender.tenant_id": outlet.tenantId,
    "message_sender.outlet_id": outlet.outletId,
    "message_sender.conversation_id": maskNumbers(conversationId),
  };
}
