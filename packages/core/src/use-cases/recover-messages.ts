import { settleLeftBehind } from "../domain/message.ts";
import type { Clock } from "../ports/clock.ts";
import type { MessageStore } from "../ports/message-store.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { createAmend } from "./amend.ts";
import { recordEnd } from "./record-telemetry.ts";

const batchSize = 100;

/**
 * Settles the messages whose process has ended. Those that a caller waited for are never repeated from here: the caller was
 * not answered and will repeat by itself.
 */
export function createRecoverMessages(ports: { messages: MessageStore; clock: Clock; telemetry: Telemetry }) {
  const { messages, clock, telemetry } = ports;
  const amend = createAmend({ messages, telemetry });

  function fault(reason: string): void {
    telemetry.record({ kind: "BackgroundFault", where: "recovery", reason });
  }

  return async (): Promise<void> => {
    for (;;) {
      const left = await messages.overdue(batchSize);
      if (left.isErr()) return fault(left.error.reason);
      for (const message of left.value) {
        const concluded = await amend(message, (current) => settleLeftBehind(current, clock.now()));
        if (concluded.isErr()) return fault(concluded.error.reason);
        recordEnd(telemetry, concluded.value);
      }
      if (left.value.length < batchSize) return;
    }
  };
}
