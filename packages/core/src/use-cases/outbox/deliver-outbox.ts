import type { Clock } from "../../ports/clock.ts";
import type { ClaimedEntry, Outbox, OutboxEntries, OutboxSettlement, Topic } from "../../ports/outbox.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** Delivers a topic's outbox entries to their subscriber: each at least once, and in order within its queue. */
export interface OutboxDelivery {
  /** Starts on whatever is due, in the background. */
  wake(): void;
  /** Resolves when nothing is due any more. */
  tick(): Promise<void>;
}

/** What the subscriber did with one entry. */
export type DeliveryResult = "taken" | DeliveryFailure;

interface DeliveryFailure {
  readonly reason: string;
  readonly httpStatus?: number;
  /** The subscriber will never take it. Default: false, and it is delivered again. */
  readonly final?: boolean;
  readonly retryAt?: Date;
}

export interface Subscriber<T extends Topic> {
  readonly topic: T;
  /** How many entries one delivery holds. */
  readonly batchSize: number;
  /** Delivers entries; gives a result for each, in their order. */
  deliver(entries: readonly OutboxEntries[T][]): Promise<readonly DeliveryResult[]>;
  onDelivered(entry: OutboxEntries[T], lagMs: number): void;
  onRetry(entry: OutboxEntries[T], retryAt: Date, why: DeliveryFailure): void;
  onDead(entry: OutboxEntries[T], why: DeliveryFailure): void;
}

interface DeliveryPorts {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

const leaseMs = 30_000;
/** More than one, so that one call that hangs does not block the rest. */
const batchesAtOnce = 4;
/** Entries that arrive within this time of a wake go out in one batch. */
const gatherMs = 10;

export function createOutboxDelivery<T extends Topic>(
  { outbox, clock, telemetry }: DeliveryPorts,
  subscriber: Subscriber<T>,
): OutboxDelivery {
  type Claimed = ClaimedEntry<OutboxEntries[T]>;
  const running = new Set<Promise<void>>();
  let wokenMeanwhile = false;
  let gathering = false;

  async function run(): Promise<void> {
    for (;;) {
      const claimed = await outbox.claim(subscriber.topic, { limit: subscriber.batchSize, leaseMs });
      if (claimed.isErr()) return fault(claimed.error.reason);
      if (claimed.value.length === 0) return;
      await deliver(claimed.value);
    }
  }

  async function deliver(batch: readonly Claimed[]): Promise<void> {
    const results = await subscriber.deliver(batch.map(({ entry }) => entry));
    const taken: Claimed[] = [];
    for (const [index, claimed] of batch.entries()) {
      const result = results[index] ?? { reason: "nothing was said of it" };
      if (result === "taken") taken.push(claimed);
      else await retryOrBury(claimed, result);
    }
    if (taken.length === 0 || !(await settle(taken, "delivered"))) return;
    const now = clock.now().getTime();
    for (const { entry, enqueuedAt } of taken) subscriber.onDelivered(entry, Math.max(0, now - enqueuedAt.getTime()));
  }

  async function retryOrBury(claimed: Claimed, why: DeliveryFailure): Promise<void> {
    const retryAt = why.final ? undefined : nextTryAt(claimed.earlierClaims, clock.now(), why.retryAt);
    if (!(await settle([claimed], retryAt ? { retryAt } : "dead"))) return;
    if (retryAt) subscriber.onRetry(claimed.entry, retryAt, why);
    else subscriber.onDead(claimed.entry, why);
  }

  async function settle(batch: readonly Claimed[], as: OutboxSettlement): Promise<boolean> {
    const ids = batch.map(({ id }) => id);
    const settled = await outbox.settle(ids, as);
    if (settled.isErr()) fault(settled.error.reason);
    return settled.isOk();
  }

  function fault(reason: string): void {
    telemetry.record({ kind: "BackgroundFault", where: `${subscriber.topic} outbox`, reason });
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
    await clock.sleep(gatherMs);
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

/** The time of the next delivery; undefined after three days. */
function nextTryAt(earlierClaims: number, now: Date, askedFor: Date | undefined): Date | undefined {
  if (earlierClaims >= firstRetriesMs.length + hourlyRetries) return undefined;
  const retryAt = new Date(now.getTime() + (firstRetriesMs[earlierClaims] ?? hourMs));
  return askedFor && askedFor > retryAt ? askedFor : retryAt;
}
