import type { QuotaBlock } from "../../ports/quota.ts";
import type { ReservedBlock } from "./block-requests.ts";

/** A block that is not closed yet. All times are times of the clock's `monotonicMs`. */
export interface HeldBlock {
  readonly block: QuotaBlock;
  /** The units that are used or may still be used. */
  used: number;
  /** The used units whose message is not finished yet. */
  open: number;
  phase: Phase;
  settlement: Settlement;
  /** How many used units the quota was last told; 0 if this process has told it none. */
  reported: number;
}

type Phase =
  /** Calls take units from it. `isCountedByStore`: as below. */
  | {
      readonly kind: "Lending";
      readonly validUntilMs: number;
      readonly since: number;
      lastUsedAt: number;
      isCountedByStore: boolean;
    }
  /**
   * No call takes units from it any more; calls may still hold some. `isCountedByStore`: a queued or orphaned message holds a unit
   * too, or a unit was recounted. Once no call holds a unit, the store knows how many are used.
   */
  | { readonly kind: "Retired"; isCountedByStore: boolean }
  /** No call of this process ever took a unit from it. The store knows how many are used. */
  | { readonly kind: "Recovered" };

/** Whether the quota knows how many units are used. */
type Settlement =
  | { readonly kind: "Unsettled" }
  | { readonly kind: "InFlight" }
  /** A settlement failed, and it is not known whether it arrived. */
  | { readonly kind: "Failed"; readonly failures: number; readonly retryAt: number }
  | { readonly kind: "Settled"; readonly used: number };

/** What became of a unit: `left` means that it stays with a message that the call leaves behind, in the queue or orphaned. */
export type UnitUse = "used" | "unused" | "left";

/** A block is settled once nobody has taken a unit from it for this long. */
export const idleMs = 5000;
const firstPauseMs = 1000;
const longestPauseMs = 60_000;

/** A block that was just reserved. */
export function lendingBlock({ block, validUntilMs }: ReservedBlock, since: number): HeldBlock {
  const phase: Phase = { kind: "Lending", validUntilMs, since, lastUsedAt: since, isCountedByStore: false };
  return { block, used: 0, open: 0, phase, settlement: { kind: "Unsettled" }, reported: 0 };
}

/** A block that another process reserved, or that was closed and is open again. */
export function recoveredBlock(block: QuotaBlock, reported = 0): HeldBlock {
  return { block, used: 0, open: 0, phase: { kind: "Recovered" }, settlement: { kind: "Unsettled" }, reported };
}

/** Takes a unit. Returns whether there was one. */
export function takeUnit(held: HeldBlock, now: number): boolean {
  const { block, phase } = held;
  if (phase.kind !== "Lending" || held.used >= block.granted || phase.validUntilMs <= now) return false;
  held.used += 1;
  held.open += 1;
  phase.lastUsedAt = now;
  return true;
}

/** The call that took a unit has ended. */
export function returnUnit(held: HeldBlock, use: UnitUse): void {
  held.open -= 1;
  if (use === "unused") held.used -= 1;
  if (use === "left") countByStore(held);
}

/** From now on the store knows how many units are used. */
export function countByStore({ phase }: HeldBlock): void {
  if (phase.kind !== "Recovered") phase.isCountedByStore = true;
}

/** From now on no call takes units from it. */
export function retire(held: HeldBlock): void {
  if (held.phase.kind === "Lending") held.phase = { kind: "Retired", isCountedByStore: held.phase.isCountedByStore };
}

/** When it was requested; undefined once no units are taken from it any more. */
export function lendingSince({ phase }: HeldBlock): number | undefined {
  return phase.kind === "Lending" ? phase.since : undefined;
}

/** Whether it should be settled or closed now. A block in use should not; a settled one should once a unit was returned. */
export function isDue(held: HeldBlock, now: number): boolean {
  const { block, phase, settlement, used, open } = held;
  if (settlement.kind === "InFlight") return false;
  if (settlement.kind === "Failed") return settlement.retryAt <= now;
  if (phase.kind !== "Lending") return needsSettling(held) || open === 0;
  if (phase.validUntilMs <= now || now - phase.lastUsedAt >= idleMs) return true;
  return used === block.granted && open === 0;
}

/** Whether the quota does not know the current number of used units. */
export function needsSettling({ settlement, used }: HeldBlock): boolean {
  return settlement.kind !== "Settled" || settlement.used !== used;
}

/** The settlement after a failure. Each failure in a row doubles the pause. */
export function failedAgain(before: Settlement, now: number): Settlement {
  const failures = before.kind === "Failed" ? before.failures : 0;
  return {
    kind: "Failed",
    failures: failures + 1,
    retryAt: now + Math.min(firstPauseMs * 2 ** failures, longestPauseMs),
  };
}
