import type { Clock } from "../../ports/clock.ts";
import { eraseMessage } from "../../domain/erased.ts";
import type { Erasure } from "../../ports/store/erasure.ts";
import type { Retention } from "../../ports/store/retention.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

interface ForgetOldParts {
  readonly retention: Retention;
  readonly erasure: Pick<Erasure, "replace">;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** How long finished messages, webhooks, recipients and outbox entries are kept. */
  readonly retentionMs: number;
  readonly keysKeptMs: number;
}

const everyMs = 3_600_000;
/** A status that arrives before its message's id is known is only seconds early. */
const parkedKeptMs = 3_600_000;
const atOnce = 1000;
const erasedAtOnce = 100;

/**
 * Deletes what is past its retention, once an hour. A message that the store still needs, because its history entry was not delivered
 * or its quota block not settled, is erased instead: what is delivered later says that it was sent, and not what or to whom.
 */
export function createForgetOld({
  retention,
  erasure,
  clock,
  telemetry,
  retentionMs,
  keysKeptMs,
}: ForgetOldParts): () => Promise<void> {
  let dueAt = -Infinity;

  return async () => {
    if (clock.monotonicMs() < dueAt) return;
    dueAt = clock.monotonicMs() + everyMs;
    const now = clock.now().getTime();
    const before = {
      keys: new Date(now - keysKeptMs),
      messages: new Date(now - retentionMs),
      parkedStatuses: new Date(now - parkedKeptMs),
      webhooks: new Date(now - retentionMs),
      recipients: new Date(now - retentionMs),
      outboxEntries: new Date(now - retentionMs),
    };
    for (;;) {
      const forgotten = await retention.forget(before, atOnce);
      if (forgotten.isErr()) return fault(forgotten.error.reason);
      if (forgotten.value === 0) break;
    }
    await eraseKept(before.messages);
  };

  async function eraseKept(before: Date): Promise<void> {
    for (let erased = 1; erased > 0;) {
      erased = 0;
      const kept = await retention.kept(before, erasedAtOnce);
      if (kept.isErr()) return fault(kept.error.reason);
      for (const message of kept.value) {
        const replaced = await erasure.replace(eraseMessage(message));
        if (replaced.isErr()) return fault(replaced.error.reason);
        if (!replaced.value) continue;
        erased += 1;
        telemetry.record({ kind: "MessageErased", messageId: message.id, outlet: message.request.outlet });
      }
    }
  }

  function fault(reason: string): void {
    telemetry.record({ kind: "BackgroundFault", where: "retention", reason });
  }
}
