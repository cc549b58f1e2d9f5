import { err, ok, okAsync, type Result, ResultAsync } from "neverthrow";

import { outletName, type OutletRef } from "../../content/identifiers.ts";
import { endOfTime } from "../../domain/next-step.ts";
import { hasEnded, type Pause } from "../../domain/pause.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Pauses } from "../../ports/store/pauses.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import { recordChanges } from "./record-changes.ts";
import { createPauseIndex, type PauseIndex, type Sending } from "./pause-index.ts";

/** What is paused, as far as this process knows: it reads that about once a second, and after each change of its own. */
export interface KnownPauses {
  /** Whether nothing is paused. False until the pauses were read. */
  readonly isQuiet: boolean;
  /** What pauses it now, the one that lasts longest. */
  find(sending: Sending): Pause | undefined;
  /** Until when all that an outlet sends is paused, `endOfTime` if that is open; undefined if it is not. */
  outletUntil(outlet: OutletRef): Date | undefined;
  /** An outlet sends from a number that is paused. */
  noteNumber(outlet: OutletRef, pause: Pause): void;
  /** Resolves at once if the pauses were read before. */
  ready(): ResultAsync<void, Unavailable>;
  /** Reads them anew: what was changed before this call is known then. */
  reread(): ResultAsync<void, Unavailable>;
  /** The same for the background: what fails is an event. */
  refresh(): Promise<void>;
  /** Reads them once a second until the sender closes. */
  follow(): Promise<void>;
}

interface KnownPausesParts {
  readonly pauses: Pauses;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly shutdown: ShutdownSignal;
  /** Whether the pause must not count for it. */
  readonly isOverruled: (pause: Pause, sending: Sending) => boolean;
}

const everyMs = 1000;
/** Which number an outlet sends from may change: one message is tried again after this time. */
const numberKeptMs = 5000;
const mostNumbers = 10_000;
/** Ended pauses stay for a while: the clock of another process may be behind. */
const endedKeptMs = 60_000;

export function createKnownPauses(parts: KnownPausesParts): KnownPauses {
  const { pauses, clock, telemetry, shutdown, isOverruled } = parts;
  const onNumber = new Map<string, { readonly pause: Pause; readonly untilMs: number }>();
  let active: readonly Pause[] = [];
  let index: PauseIndex = createPauseIndex([]);
  let isRead = false;
  let reading: Promise<Result<void, Unavailable>> | undefined;

  function apply(listed: readonly Pause[]): void {
    const now = clock.now();
    const next = listed.filter((pause) => !hasEnded(pause, now));
    if (recordChanges(telemetry, active, next)) {
      active = next;
      index = createPauseIndex(next);
      onNumber.clear();
    }
    isRead = true;
  }

  async function list(): Promise<Result<void, Unavailable>> {
    try {
      const listed = await pauses.list();
      if (listed.isErr()) return err(listed.error);
      apply(listed.value);
      const longEnded = new Date(clock.now().getTime() - endedKeptMs);
      const isOver = listed.value.some((pause) => hasEnded(pause, longEnded));
      return isOver ? await pauses.removeEnded(longEnded) : ok(undefined);
    } catch (cause) {
      return err({ kind: "Unavailable", reason: "the pauses cannot be read", cause });
    }
  }

  function read(): Promise<Result<void, Unavailable>> {
    reading ??= list().finally(() => (reading = undefined));
    return reading;
  }

  /** A reading that began before the call does not count. */
  async function readAgain(): Promise<Result<void, Unavailable>> {
    await reading?.then(() => undefined);
    return read();
  }

  async function refresh(): Promise<void> {
    const readResult = await readAgain();
    if (readResult.isErr())
      telemetry.record({ kind: "BackgroundFault", where: "pauses", reason: readResult.error.reason });
  }

  function find(sending: Sending): Pause | undefined {
    if (active.length === 0) return undefined;
    const found = index.find(sending, clock.now()).filter((pause) => !isOverruled(pause, sending));
    return found.toSorted((a, b) => endOf(b) - endOf(a))[0];
  }

  function numberOf(outlet: OutletRef): Pause | undefined {
    const noted = onNumber.get(outletName(outlet));
    return noted && noted.untilMs > clock.monotonicMs() && !hasEnded(noted.pause, clock.now())
      ? noted.pause
      : undefined;
  }

  return {
    get isQuiet() {
      return isRead && active.length === 0;
    },
    find,
    outletUntil(outlet) {
      if (active.length === 0) return undefined;
      const pause = find({ outlet }) ?? numberOf(outlet);
      return pause && (pause.until ?? endOfTime);
    },
    noteNumber(outlet, pause) {
      if (onNumber.size >= mostNumbers) onNumber.clear();
      onNumber.set(outletName(outlet), { pause, untilMs: clock.monotonicMs() + numberKeptMs });
    },
    ready: () => (isRead ? okAsync(undefined) : new ResultAsync(read())),
    reread: () => new ResultAsync(readAgain()),
    refresh,
    async follow() {
      do await refresh();
      while (await shutdown.sleep(everyMs));
    },
  };
}

function endOf({ until }: Pause): number {
  return (until ?? endOfTime).getTime();
}
