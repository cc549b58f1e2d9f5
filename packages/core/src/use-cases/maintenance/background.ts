import type { Message } from "../../domain/message.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Tracing } from "../../ports/tracing.ts";
import type { OutboxDelivery } from "../outbox/outbox-delivery.ts";
import type { HandOver } from "../outbox/hand-over.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { KnownPauses } from "../pauses/known-pauses.ts";
import type { QuotaUnits } from "../quota/quota-units.ts";
import type { InFlight } from "../../lifecycle/in-flight.ts";
import type { QueueWork } from "../queue/work-queue.ts";

interface BackgroundParts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly tracing: Tracing;
  readonly shutdown: ShutdownSignal;
  readonly recoverMessages: () => Promise<void>;
  readonly settleUnrecorded: () => Promise<void>;
  readonly recordParked: () => Promise<void>;
  readonly forgetOld: () => Promise<void>;
  /** Absent if another process works on the queue. */
  readonly queueWork: QueueWork | undefined;
  readonly units: QuotaUnits;
  readonly deliveries: readonly Pick<OutboxDelivery, "wake" | "tick">[];
  readonly handOver: Pick<HandOver, "open" | "close">;
  readonly knownPauses: Pick<KnownPauses, "follow" | "refresh">;
  readonly calls: InFlight;
}

const roundMs = 1000;
/** Another process may end at any time, but looking for its orphans costs a query. */
const recoveryRounds = 10;
const recoveryPatienceMs = 1000;
const inFlightGraceMs = 11_000;
/** One each for the aborted calls and their lines, the outbox and the quota. */
const flushGraceMs = 3500;

/** The background work of a sender, and its shutdown. */
export function createBackground(parts: BackgroundParts) {
  const { clock, telemetry, tracing, shutdown, calls, queueWork, units, deliveries } = parts;
  const { recoverMessages, settleUnrecorded, recordParked, forgetOld } = parts;
  let firstRecovery: Promise<void> | undefined;
  let loop: Promise<void> | undefined;
  let closed: Promise<void> | undefined;

  async function tick(): Promise<void> {
    await parts.knownPauses.refresh();
    await recoverMessages();
    await settleUnrecorded();
    await Promise.all([queueWork?.tick(), recordParked(), forgetOld()]);
    await Promise.all([...deliveries.map((delivery) => delivery.tick()), units.settle()]);
    await units.recover();
  }

  async function repeatTicks(): Promise<void> {
    firstRecovery = guarded("recovery", recoverMessages);
    await firstRecovery;
    queueWork?.start();
    await guarded("quota", units.recover);
    for (let round = 1; await shutdown.sleep(roundMs); round += 1) {
      for (const delivery of deliveries) delivery.wake();
      await guarded("recovery", settleUnrecorded);
      await guarded("parked statuses", recordParked);
      await guarded("quota", units.settle);
      if (round % recoveryRounds !== 0) continue;
      await guarded("recovery", recoverMessages);
      await guarded("quota", units.recover);
      await guarded("retention", forgetOld);
    }
  }

  /** A port that throws ends one round, not the loop. */
  async function guarded(where: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      telemetry.record({ kind: "BackgroundFault", where, reason: String(error) });
    }
  }

  /** Another process continues with the lines on which nothing is under way. */
  async function releaseLines(): Promise<void> {
    await guarded("queue", async () => queueWork?.release());
  }

  async function close(): Promise<void> {
    shutdown.close();
    await within(inFlightGraceMs, () => Promise.all([calls.ended(), releaseLines()]));
    shutdown.abort();
    await within(flushGraceMs, async () => {
      await calls.ended();
      await releaseLines();
    });
    // What enters from now on is for another process, or for the next start: nothing leased must be left behind.
    parts.handOver.close();
    await within(flushGraceMs, async () => {
      await Promise.all([loop, ...deliveries.map((delivery) => delivery.tick())]);
    });
    await within(flushGraceMs, async () => {
      await guarded("recovery", settleUnrecorded);
      await guarded("quota", () => units.settle("all"));
      await guarded("quota", units.recover);
    });
  }

  function within(graceMs: number, work: () => Promise<unknown>): Promise<void> {
    return clock.sleep(graceMs, work());
  }

  return {
    tick,
    start(): void {
      parts.handOver.open();
      loop ??= tracing.detached(async () => void (await Promise.all([repeatTicks(), parts.knownPauses.follow()])));
    },
    close: (): Promise<void> => (closed ??= close()),
    /** Resolves once the orphans from before the start are settled, or after `recoveryPatienceMs`. */
    async recovered(): Promise<void> {
      if (firstRecovery) await clock.sleep(recoveryPatienceMs, firstRecovery);
    },
    /** Delivers soon what entered the outbox without a commit of a message. */
    wake(): void {
      if (loop) for (const delivery of deliveries) delivery.wake();
    },
    /** Something may be due in the queue now: this message, or anything. */
    wakeQueue(message?: Message): void {
      if (loop) queueWork?.wake(message?.request.outlet);
    },
  };
}
