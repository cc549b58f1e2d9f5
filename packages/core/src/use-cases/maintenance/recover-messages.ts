import { recoverOrphan } from "../../domain/message-changes.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Commits } from "../attempt/commits.ts";
import { recordEnd } from "../attempt/record-telemetry.ts";

const batchSize = 100;

interface RecoverMessagesParts extends Pick<Commits, "commitIfUnchanged"> {
  readonly messages: MessageStore;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/**
 * Recovers orphaned messages, whose process has ended. Never retries a message that a caller waited for: the caller got no answer
 * and will repeat the call.
 */
export function createRecoverMessages({
  messages,
  clock,
  telemetry,
  commitIfUnchanged,
}: RecoverMessagesParts): () => Promise<void> {
  function fault(reason: string): void {
    telemetry.record({ kind: "BackgroundFault", where: "recovery", reason });
  }

  return async (): Promise<void> => {
    for (;;) {
      const left = await messages.overdue(batchSize);
      if (left.isErr()) return fault(left.error.reason);
      for (const message of left.value) {
        // If it was changed since it was listed, somebody works on it after all.
        const settled = recoverOrphan(message, clock.now());
        const decided = await commitIfUnchanged(message, settled);
        if (decided.isErr()) return fault(decided.error.reason);
        if (decided.value.revision === settled.revision) recordEnd(telemetry, decided.value);
      }
      if (left.value.length < batchSize) return;
    }
  };
}
