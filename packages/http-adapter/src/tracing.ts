import type { TracedStep, Tracing } from "@message-sender/core/adapter";
import { SpanKind } from "@opentelemetry/api";
import { ResultAsync } from "neverthrow";

import { maskNumbers } from "./masked-numbers.ts";
import { failSpan, inSpan } from "./spans.ts";
import { currentTrace, formatTraceparent, runApart, runForMessages } from "./trace-context.ts";

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
    apart: runApart,
    forMessage: (traceparent, work) => runForMessages([traceparent], work),
    step: (step, work) =>
      new ResultAsync(
        inSpan({ name: step.name, kind: SpanKind.INTERNAL, attributes: attributesOf(step) }, async (span) => {
          const result = await work();
          if (result.isErr()) failSpan(span, result.error.kind);
          return result;
        }),
      ),
  };
}

function attributesOf({ messageId, outlet, conversationId }: TracedStep) {
  return {
    "message_sender.message_id": messageId,
    "message_sender.tenant_id": outlet.tenantId,
    "message_sender.outlet_id": outlet.outletId,
    "message_sender.conversation_id": maskNumbers(conversationId),
  };
}
