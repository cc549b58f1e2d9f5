import type { Clock } from "../../ports/clock.ts";
import type { Line } from "./lines.ts";

/** A process that has the store open and can hold lines. */
export interface Holder {
  readonly held: Set<Line>;
  /** For how long it may act on what it holds, by its own count. */
  validForMs(): number;
  /** Whether its lease is over for the others. */
  isOver(): boolean;
  /** Whether it lives, and holds lines or has claimed lately. */
  isWorking(): boolean;
  /** Notes that it claims lines. */
  claims(): void;
  /** Sends no heartbeat any more, as a process that is paused or has ended. */
  pause(): void;
  /** Sends heartbeats again. */
  wake(): void;
}

/** The lease of a process as others see it, and as it counts it itself. */
const leaseMs = 4000;
const ownLeaseMs = 3000;
const worksForMs = 2000;

export function createHolder(clock: Clock): Holder {
  let pausedMs = Infinity;
  let claimedMs = -Infinity;
  const silentMs = (): number => clock.monotonicMs() - pausedMs;

  const holder: Holder = {
    held: new Set(),
    validForMs: () => (pausedMs === Infinity ? Infinity : Math.max(0, ownLeaseMs - silentMs())),
    isOver: () => silentMs() >= leaseMs,
    isWorking: () => !holder.isOver() && (holder.held.size > 0 || clock.monotonicMs() - claimedMs <= worksForMs),
    claims: () => void (claimedMs = clock.monotonicMs()),
    pause: () => void (pausedMs = Math.min(pausedMs, clock.monotonicMs())),
    wake: () => void (pausedMs = Infinity),
  };
  return holder;
}

/** How many lines a process may hold, of those that are due or held. */
export function shareOf(lines: number, working: number): number {
  return Math.ceil(lines / Math.max(1, working));
}
