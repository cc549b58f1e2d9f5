import type { Clock } from "../ports/clock.ts";
import type { History, HistoryResult } from "../ports/history.ts";
import type { ClaimedEntry, Outbox, OutboxSettlement } from "../ports/outbox.ts";
import type { Telemetry } from "../ports/telemetry.ts";

/** Moves entries from the outbox to the history, each at least once and in order per conversation. */
export interface HistoryDelivery {
  /** Begins on what is due, in the background. */
  wake(): void;
  /** Resolves when nothing is due any more. */
  tick(): Promise<void>;
}

export interface HistoryDeliveryPorts {
  readonly outbox: Outbox;
  readonly history: History;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

const batchSize = 100;
const leaseMs = 30_000;
/** More than one, so that a call that hangs does not hold up every other. */
const batchesAtOnce = 4;
/** What comes within this time of a wake goes out in one batch. */
const gatherMs = 10;

export function createHistoryDelivery(ports: HistoryDeliveryPorts): HistoryDelivery {
  const { outbox, history, clock, telemetry } = ports;
  const running = new Set<Promise<void>>();
  let wokenMeanwhile = false;
  let gathering = false;

  async function run(): Promise<void> {
    for (;;) {
      const claimed = await outbox.claim({ limit: batchSize, leaseMs });
      if (claimed.isErr()) return fault(claimed.error.reason);
      if (claimed.value.length === 0) return;
      await deliver(claimed.value);
    }
  }

  async function deliver(batch: readonly ClaimedEntry[]): Promise<void> {
    const answer = await history.store(batch.map(({ entry }) => entry));
    const results = answer.unwrapOr([]);
    const reason = answer.isErr() ? answer.error.reason : "the history did not store it";
    const now = clock.now();
    const delivered: ClaimedEntry[] = [];
    for (const [index, claimed] of batch.entries()) {
      const settlement = settlementOf(claimed, results[index] ?? "retry", now);
      if (settlement === "delivered") delivered.push(claimed);
      else await settle([claimed], settlement, reason);
    }
    if (delivered.length > 0) await settle(delivered, "delivered", reason);
  }

  async function settle(batch: readonly ClaimedEntry[], as: OutboxSettlement, reason: string): Promise<void> {
    const settled = await outbox.settle(
      batch.map(({ id }) => id),
      as,
    );
    if (settled.isErr()) return fault(settled.error.reason);
    for (const { entry, enqueuedAt } of batch) {
      const { messageId } = entry;
      if (as === "delivered") {
        const lagMs = clock.now().getTime() - enqueuedAt.getTime();
        telemetry.record({ kind: "HistoryStored", messageId, lagMs });
      } else if (as === "dead") telemetry.record({ kind: "HistoryDead", messageId, reason });
      else telemetry.record({ kind: "HistoryRetried", messageId, retryAt: as.retryAt, reason });
    }
  }

  function fault(reason: string): void {
    telemetry.record({ kind: "BackgroundFault", where: "history outbox", reason });
  }

  function begin(): void {
    if (running.size >= batchesAtOnce) {
      wokenMeanwhile = true;
      return;
    }
    const failed = (error: unknown): void => fault(String(error));
    const round = run()
      .catch(failed)
      .finally(() => {
        running.delete(round);
        if (!wokenMeanwhile) return;
        wokenMeanwhile = false;
        begin();
      });
    running.add(round);
  }

  async function wake(): Promise<void> {
    if (gathering) return;
    gathering = true;
    await clock.sleepUntil(new Date(clock.now().getTime() + gatherMs));
    gathering = false;
    begin();
  }

  return {
    wake: () => void wake(),
    async tick() {
      begin();
      while (running.size > 0) await Promise.all(running);
    },
  };
}

const firstRetriesMs = [1000, 5000, 60_000, 300_000, 1_800_000];
const hourMs = 3_600_000;
const hourlyRetries = 72;

function settlementOf(claimed: ClaimedEntry, result: HistoryResult, now: Date): OutboxSettlement {
  if (result === "stored") return "delivered";
  if (result === "refused" || claimed.earlierClaims >= firstRetriesMs.length + hourlyRetries) return "dead";
  return { retryAt: new Date(now.getTime() + (firstRetriesMs[claimed.earlierClaims] ?? hourMs)) };
}
