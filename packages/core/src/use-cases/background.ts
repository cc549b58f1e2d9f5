import type { ResultAsync } from "neverthrow";

import type { Clock } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { HistoryDelivery } from "./deliver-history.ts";
import type { Drain } from "./drain.ts";
import type { QuotaUnits } from "./quota-units.ts";

interface BackgroundParts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly drain: Drain;
  readonly recoverMessages: () => Promise<void>;
  readonly units: QuotaUnits;
  readonly delivery: HistoryDelivery | undefined;
}

const roundMs = 1000;
/** Another process may end at any time; looking for what it left costs a query. */
const recoveryRounds = 10;
const inFlightGraceMs = 11_000;
/** For each of: the calls that were cut off, the history, the quota. */
const flushGraceMs = 3500;

/** What goes on beside the calls, and how it all comes to an end. */
export function createBackground({ clock, telemetry, drain, recoverMessages, units, delivery }: BackgroundParts) {
  let underWay = 0;
  let allAnswered: () => void = () => {};
  let loop: Promise<void> | undefined;
  let closed: Promise<void> | undefined;

  async function tick(): Promise<void> {
    await recoverMessages();
    await Promise.all([delivery?.tick(), units.settle()]);
  }

  async function repeatTicks(): Promise<void> {
    await guarded("recovery", recoverMessages);
    await guarded("quota", units.recover);
    for (let round = 1; await drain.sleepUntil(new Date(clock.now().getTime() + roundMs)); round += 1) {
      delivery?.wake();
      if (round % recoveryRounds === 0) await guarded("recovery", recoverMessages);
      await guarded("quota", units.settle);
    }
  }

  /** A defect in a port ends one round, not the work. */
  async function guarded(where: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      telemetry.record({ kind: "BackgroundFault", where, reason: String(error) });
    }
  }

  async function close(): Promise<void> {
    drain.close();
    await within(inFlightGraceMs, answered);
    drain.cutOff();
    await within(flushGraceMs, answered);
    await within(flushGraceMs, async () => {
      await Promise.all([loop, delivery?.tick()]);
    });
    await within(flushGraceMs, () => guarded("quota", () => units.settle("all")));
  }

  function ended(): void {
    underWay -= 1;
    if (underWay === 0) allAnswered();
    if (loop) delivery?.wake();
  }

  async function answered(): Promise<void> {
    if (underWay > 0) await new Promise<void>((resolve) => (allAnswered = resolve));
  }

  function within(graceMs: number, work: () => Promise<unknown>): Promise<void> {
    return clock.sleepUntil(new Date(clock.now().getTime() + graceMs), work());
  }

  return {
    tick,
    start(): void {
      loop ??= repeatTicks();
    },
    close: (): Promise<void> => (closed ??= close()),
    /** Counts a call in until it ends, and has the history told of it. */
    track<T, E>(call: ResultAsync<T, E>): ResultAsync<T, E> {
      underWay += 1;
      call.then(ended, ended);
      return call;
    },
  };
}
