import { isRecorded } from "../../lifecycle/safe-telemetry.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ClaimedEntry, Outbox, OutboxEntries, OutboxSettlement, Topic } from "../../ports/store/outbox.ts";
import type { Telemetry, TelemetryEvent } from "../../ports/telemetry.ts";
import type { Tracing } from "../../ports/tracing.ts";
import { keptReason } from "./kept-reason.ts";
import type { OutboxDelivery } from "./outbox-delivery.ts";
import { nextTryAt, retryScheduleMs } from "./retry-schedule.ts";

/** The result of delivering one entry. */
export type DeliveryResult = "delivered" | DeliveryFailure;

interface DeliveryFailure {
  readonly reason: string;
  readonly httpStatus?: number;
  /** Whether the subscriber will never accept the entry. Default: false, and the delivery is retried. */
  readonly final?: boolean;
  readonly retryAt?: Date;
}

/** Where the entries of a topic go. */
export interface Subscriber<T extends Topic> {
  readonly topic: T;
  /** How many entries one delivery contains. */
  readonly batchSize: number;
  /** The trace of the message that an entry is about. */
  traceparentOf?(entry: OutboxEntries[T]): string | undefined;
  /** Delivers entries and returns a result for each, in their order. */
  deliver(entries: readonly OutboxEntries[T][]): Promise<readonly DeliveryResult[]>;
  /** The kind of event that `onDelivered` records. Where nobody records it, `onDelivered` is not called. */
  readonly deliveredEvent: TelemetryEvent["kind"];
  onDelivered(entry: OutboxEntries[T], lagMs: number): void;
  onRetry(entry: OutboxEntries[T], retryAt: Date, why: DeliveryFailure): void;
  onDead(entry: OutboxEntries[T], why: DeliveryFailure): void;
}

interface DeliveryPorts {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly tracing: Tracing;
  readonly shutdown: Pick<ShutdownSignal, "sleep">;
}

const leaseMs = 30_000;
/** More than one, so that a call that hangs does not block the rest. */
const batchesAtOnce = 4;
/** Entries that arrive within this time after a wake go out in one batch. */
const gatherMs = 10;

/** Delivers the subscriber's topic, in up to four batches at a time. A failed delivery is retried for three days. */
export function createOutboxDelivery<T extends Topic>(
  { outbox, clock, telemetry, tracing, shutdown }: DeliveryPorts,
  subscriber: Subscriber<T>,
): OutboxDelivery<T> {
  type Claimed = ClaimedEntry<OutboxEntries[T]>;
  const { topic, batchSize } = subscriber;
  /** Entries that entered claimed and wait for a batch. */
  const taken: Claimed[] = [];
  const running = new Set<Promise<void>>();
  let isWokenMeanwhile = false;
  let isGathering = false;
  /** Entries may be due that nobody handed over. One that waits for another becomes due when that one is settled. */
  let mayBeDue = false;

  async function run(): Promise<void> {
    for (;;) {
      const batch = taken.splice(0, batchSize);
      if (batch.length > 0) {
        await deliver(batch);
        continue;
      }
      if (!mayBeDue) return;
      mayBeDue = false;
      const claimed = await outbox.claim(topic, { limit: batchSize, leaseMs });
      const isEmpty = claimed.isOk() && claimed.value.length === 0;
      // More may be due behind what was claimed, and behind what is being delivered.
      if (!isEmpty || running.size > 1) mayBeDue = true;
      if (claimed.isErr()) return fault(claimed.error.reason);
      if (isEmpty && taken.length === 0) return;
      if (!isEmpty) await deliver(claimed.value);
    }
  }

  async function deliver(batch: readonly Claimed[]): Promise<void> {
    const results = await subscriber.deliver(batch.map(({ entry }) => entry));
    const delivered: Claimed[] = [];
    for (const [index, claimed] of batch.entries()) {
      const result = results[index] ?? { reason: "the subscriber returned no result" };
      if (result === "delivered") delivered.push(claimed);
      else await retryOrBury(claimed, result);
    }
    if (delivered.length === 0 || !(await settle(delivered, "delivered"))) return;
    if (!isRecorded(telemetry, subscriber.deliveredEvent)) return;
    const now = clock.now().getTime();
    for (const { entry, enqueuedAt } of delivered)
      report(entry, () => subscriber.onDelivered(entry, Math.max(0, now - enqueuedAt.getTime())));
  }

  async function retryOrBury(claimed: Claimed, why: DeliveryFailure): Promise<void> {
    const retryAt = why.final ? undefined : nextTryAt(retryScheduleMs, claimed.earlierClaims, clock.now(), why.retryAt);
    if (!(await settle([claimed], retryAt ? { retryAt } : "dead", keptReason(why.reason)))) return;
    const { entry } = claimed;
    report(entry, () => (retryAt ? subscriber.onRetry(entry, retryAt, why) : subscriber.onDead(entry, why)));
  }

  function report(entry: OutboxEntries[T], tell: () => void): void {
    tracing.forMessage(subscriber.traceparentOf?.(entry), tell);
  }

  async function settle(batch: readonly Claimed[], as: OutboxSettlement, why?: string): Promise<boolean> {
    const ids = batch.map(({ id }) => id);
    const settled = await outbox.settle(ids, as, why);
    if (settled.isErr()) fault(settled.error.reason);
    return settled.isOk();
  }

  function fault(reason: string): void {
    telemetry.record({ kind: "BackgroundFault", where: `${topic} outbox`, reason });
  }

  function begin(): void {
    if (running.size >= batchesAtOnce) {
      isWokenMeanwhile = true;
      return;
    }
    const failed = (error: unknown): void => fault(String(error));
    const round = tracing
      .detached(run)
      .catch(failed)
      .finally(() => {
        running.delete(round);
        if (!isWokenMeanwhile) return;
        isWokenMeanwhile = false;
        begin();
      });
    running.add(round);
  }

  async function gather(): Promise<void> {
    isGathering = true;
    const isOpen = await shutdown.sleep(gatherMs);
    isGathering = false;
    // The last entries are delivered by the `tick` of the shutdown, before the store is closed.
    if (isOpen) begin();
  }

  const beginSoon = (): void => (isGathering ? undefined : void gather());

  return {
    topic,
    leaseMs,
    wake() {
      mayBeDue = true;
      beginSoon();
    },
    hasRoom: (entering) => taken.length + entering < batchesAtOnce * batchSize,
    take(claimed) {
      taken.push(claimed);
      beginSoon();
    },
    async tick() {
      mayBeDue = true;
      begin();
      while (running.size > 0) await Promise.all(running);
    },
  };
}
