import { isFinished } from "../../domain/status.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import { toMonotonicMs } from "../../ports/clock.ts";
import type { LineRef, MessageQueue } from "../../ports/store/message-queue.ts";
import type { ProcessLease } from "../../ports/store/process-lease.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Tracing } from "../../ports/tracing.ts";
import { expiryOf, type WallSteps } from "../../time/wall-steps.ts";
import { createNextAttempt, type NextAttemptParts } from "../attempt/next-attempt.ts";
import { recordEnd } from "../attempt/record-telemetry.ts";
import { createDeliverWhenDue } from "./deliver-when-due.ts";
import { createHeldLines, type NextMessage } from "./held-lines.ts";
import { createLeaseWatch } from "./lease-watch.ts";
import { createQueuePermits } from "./queue-permits.ts";
import type { ReadFor } from "./read-plan.ts";
import { createSingleFlight, type SingleFlight } from "./single-flight.ts";

/** Delivers queued messages. The lines say which process looks; a commit decides which process makes an attempt. */
export interface QueueWork {
  /** Starts to look for due lines, again and again. */
  start(): void;
  /** Looks at once: something may be due on this line, or on any. */
  wake(line?: LineRef): void;
  /** Delivers until nothing is due any more, or nothing more can be delivered now, and releases its lines. */
  tick(): Promise<void>;
  /** Releases its lines, but for those on which something is under way. */
  release(): Promise<void>;
}

interface QueueWorkParts extends NextAttemptParts {
  readonly queue: MessageQueue;
  readonly lease: ProcessLease;
  readonly wallSteps: WallSteps;
  readonly telemetry: Telemetry;
  readonly tracing: Tracing;
  readonly shutdown: ShutdownSignal;
  /** Whether all that an outlet sends is paused. */
  readonly isPaused: (line: LineRef) => boolean;
  /** How long it waits before it looks again for due lines. */
  readonly queuePollMs: number;
  /** Counts work as in flight: a shutdown waits for it. */
  readonly track: (work: Promise<void>) => Promise<void>;
}

/** Lines that need a read so soon after another one are read together. */
const readGapMs = 10;
/** After a failure of the store. */
const pauseMs = 1000;
/** After so many polls that found nothing, it polls less often: a process that is idle costs little. */
const mostEmptyPolls = 10;
const idlePolls = 2.5;

export function createQueueWork(parts: QueueWorkParts): QueueWork {
  const { queue, lease, wallSteps, telemetry, tracing, shutdown, track, queuePollMs } = parts;
  const { clock } = wallSteps;
  const nowMs = clock.monotonicMs;
  const watch = createLeaseWatch(lease, clock);
  const lines = createHeldLines({
    nowMs,
    expiresMs: (message) => toMonotonicMs(clock, expiryOf(wallSteps, message)),
    isPaused: parts.isPaused,
  });
  const nextAttempt = createNextAttempt({
    ...parts,
    withPermit: createQueuePermits({ ...parts, clock, lines, watch }),
  });
  const deliver = createDeliverWhenDue({ ...parts, nextAttempt });
  const underWay = new Set<Promise<void>>();
  /** The lease under which the lines were claimed. */
  let held: number | undefined;
  let polling: Promise<void> | undefined;
  /** Whether a delivery has ended since the last claim: another message may be due because of it. */
  let hasEnded = false;
  let begun = 0;
  let readMs = -Infinity;
  let pausedUntilMs = -Infinity;
  /** How often it has polled since it last found or held a line. */
  let emptyPolls = 0;
  /** Lines whose release failed, and those that were forgotten: the store may have them still as this process's. */
  let unreleased: readonly LineRef[] = [];

  function fault(reason: string): void {
    telemetry.record({ kind: "BackgroundFault", where: "queue", reason });
  }

  function pause(reason: string): void {
    fault(reason);
    pausedUntilMs = nowMs() + pauseMs;
  }

  /** Takes every step that is due now. Returns whether there was one. */
  async function advance({ message }: NextMessage): Promise<boolean> {
    const advanced = await deliver({ message });
    if (advanced.isErr()) {
      telemetry.record({ kind: "OutcomeUnrecorded", messageId: message.id, reason: advanced.error.reason });
      return false;
    }
    if (isFinished(advanced.value)) recordEnd(telemetry, advanced.value);
    return advanced.value !== message;
  }

  async function run(next: NextMessage): Promise<void> {
    let hasChanged = false;
    try {
      hasChanged = await tracing.forMessage(next.message.request.traceparent, () => advance(next));
    } catch (error) {
      fault(String(error));
    }
    lines.ended(next, hasChanged);
    hasEnded = true;
    begin();
    look();
  }

  /** Begins what may begin, up to the capacity. */
  function begin(): void {
    while (!shutdown.closing && mayWork()) {
      const next = lines.next();
      if (!next) return;
      begun += 1;
      const delivery: Promise<void> = track(run(next)).finally(() => underWay.delete(delivery));
      underWay.add(delivery);
    }
  }

  /** Whether the lease is the one under which the lines were claimed. If it may be another, forgets them. */
  function mayWork(): boolean {
    const current = watch.current();
    if (current !== held) {
      unreleased = [...unreleased, ...lines.forget()];
      held = current;
    }
    return current !== undefined;
  }

  /** Whether the queue may be asked now. */
  const mayAsk = (): boolean => !shutdown.closing && nowMs() >= pausedUntilMs && mayWork();

  async function claim(): Promise<void> {
    const { room } = lines;
    if (room === 0 || !mayAsk()) return;
    hasEnded = false;
    const claimed = await queue.claim(room);
    if (claimed.isErr()) return pause(claimed.error.reason);
    if (claimed.value.length > 0) emptyPolls = 0;
    lines.add(claimed.value);
    look();
    if (claimed.value.length === room) claiming.wake();
  }

  /** A tenant of whom nothing is under way does not wait for what is read for the others. */
  async function readFor(which: ReadFor): Promise<void> {
    if (!mayAsk()) return;
    const plans = lines.toRead(which);
    for (const plan of plans) {
      const refs = plan.lines.map(({ ref }) => ref);
      const found = await queue.heads(refs, plan.each);
      if (found.isErr()) pause(found.error.reason);
      lines.read(plan, found.unwrapOr(undefined));
      begin();
    }
    // Without room, lines that need a read wait until something has ended.
    if (plans.length > 0) look();
  }

  async function readInTurn(): Promise<void> {
    const gapMs = readMs + readGapMs - nowMs();
    if (gapMs > 0 && polling) await shutdown.sleep(gapMs);
    await readFor("all");
    readMs = nowMs();
  }

  async function release(refs: readonly LineRef[]): Promise<void> {
    const all = [...unreleased.filter((ref) => !lines.find(ref)), ...refs];
    if (all.length === 0) return;
    unreleased = [];
    const released = await queue.release(all);
    if (released.isOk()) return;
    unreleased = all;
    pause(released.error.reason);
  }

  async function releaseDrained(): Promise<void> {
    if (!mayAsk()) return;
    const drained = lines.toRelease();
    await release(drained);
    // What has become due there meanwhile is free now.
    if (drained.length > 0 && hasEnded) claiming.wake();
  }

  /** A port that throws ends one run. */
  const runs = (work: () => Promise<void>): SingleFlight =>
    createSingleFlight(() => work().catch((error: unknown) => pause(String(error))), tracing.detached);

  const claiming = runs(claim);
  const reading = runs(readInTurn);
  const readingIdle = runs(() => readFor("idle tenants"));
  const releasing = runs(releaseDrained);
  const isWorking = (): boolean =>
    [claiming, reading, readingIdle, releasing].some(({ running }) => running !== undefined);

  function look(): void {
    if (nowMs() < pausedUntilMs) return;
    if (lines.needsRead) reading.wake();
    if (lines.needsRead && reading.running) readingIdle.wake();
    if (lines.isDrained || unreleased.length > 0) releasing.wake();
  }

  async function poll(): Promise<void> {
    do {
      lines.recheck();
      lines.giveUp(lease.surplus());
      emptyPolls = lines.isEmpty ? emptyPolls + 1 : 0;
      claiming.wake();
      look();
    } while (await shutdown.sleep(emptyPolls > mostEmptyPolls ? queuePollMs * idlePolls : queuePollMs));
  }

  return {
    start() {
      polling ??= tracing.detached(poll);
    },
    wake(line) {
      const known = line && lines.find(line);
      if (known) lines.markDue(known);
      else claiming.wake();
      look();
    },
    async tick() {
      pausedUntilMs = -Infinity;
      lines.recheck();
      let begunBefore: number;
      do {
        begunBefore = begun;
        claiming.wake();
        look();
        while (isWorking() || underWay.size > 0) {
          await Promise.all([claiming.running, reading.running, readingIdle.running, releasing.running, ...underWay]);
        }
      } while (begun > begunBefore);
      if (!polling) await release(lines.releaseAll());
    },
    release: () => release(lines.releaseAll()),
  };
}
