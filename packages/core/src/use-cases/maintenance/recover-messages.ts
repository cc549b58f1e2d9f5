import { recoverOrphan } from "../../domain/message-changes.ts";
import type { Clock } from "../../ports/clock.ts";
import { type AmendPorts, createDecide } from "../attempt/commit-with-retry.ts";
import { recordEnd } from "../attempt/record-telemetry.ts";

const batchSize = 100;

/**
 * Settles the messages whose process has ended. Those that a caller waited for are never repeated from here: the caller was
 * not answered and will repeat by itself.
 */
export function createRecoverMessages(ports: AmendPorts & { readonly clock: Clock }) {
  const { messages, clock, telemetry } = ports;
  const decide = createDecide(ports);

  function fault(reason: string): void {
    telemetry.record({ kind: "BackgroundFault", where: "recovery", reason });
  }

  return async (): Promise<void> => {
    for (;;) {
      const left = await messages.overdue(batchSize);
      if (left.isErr()) return fault(left.error.reason);
      for (const message of left.value) {
        // Where it was changed since it was listed, somebody works on it after all.
        const settled = recoverOrphan(message, clock.now());
        const decided = await decide(message, settled);
        if (decided.isErr()) return fault(decided.error.reason);
        if (decided.value.revision === settled.revision) recordEnd(telemetry, decided.value);
      }
      if (left.value.length < batchSize) return;
    }
  };
}
