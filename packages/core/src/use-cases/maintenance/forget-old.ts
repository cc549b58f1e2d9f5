import type { Clock } from "../../ports/clock.ts";
import type { Retention } from "../../ports/store/retention.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

interface ForgetOldParts {
  readonly retention: Retention;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** How long finished messages, webhooks, recipients and dead status events are kept. */
  readonly retentionMs: number;
  readonly keysKeptMs: number;
}

const everyMs = 3_600_000;
/** A status that arrives before its message's id is known is only seconds early. */
const parkedKeptMs = 3_600_000;
const atOnce = 1000;

/** Deletes what is past its retention, once an hour. */
export function createForgetOld({
  retention,
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
      deadEntries: new Date(now - retentionMs),
    };
    for (;;) {
      const forgotten = await retention.forget(before, atOnce);
      if (forgotten.isErr()) {
        return telemetry.record({ kind: "BackgroundFault", where: "retention", reason: forgotten.error.reason });
      }
      if (forgotten.value === 0) return;
    }
  };
}
