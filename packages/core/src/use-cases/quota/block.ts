import type { QuotaBlock } from "../../ports/quota.ts";
import type { ReservedBlock } from "./block-requests.ts";

/** A block that is not closed yet. All times are of the clock's `monotonicMs`. */
export interface HeldBlock {
  readonly block: QuotaBlock;
  /** The units that are used, or that somebody may still use. */
  used: number;
  /** Those of them whose message is not finished yet. */
  open: number;
  phase: Phase;
  settlement: Settlement;
}

type Phase =
  /** Calls take units of it. `isLeft` as below. */
  | {
      readonly kind: "Lending";
      readonly validUntilMs: number;
      readonly since: number;
      lastUsedAt: number;
      isLeft: boolean;
    }
  /**
   * No call takes a unit of it any more; some may still hold one. `isLeft`: a message that goes on without a call has a unit
   * too, or a unit was recounted, so that the store says what is used once no call holds one.
   */
  | { readonly kind: "Retired"; isLeft: boolean }
  /** No call of this process ever took a unit of it: the store says what is used, each time anew. */
  | { readonly kind: "Recovered" };

/** What the quota knows of the used units. */
type Settlement =
  | { readonly kind: "Unsettled" }
  | { readonly kind: "InFlight" }
  /** What arrived is not known. */
  | { readonly kind: "Failed"; readonly failures: number; readonly retryAt: number }
  | { readonly kind: "Settled"; readonly used: number };

/** A unit was used, or goes back, or is left with a message that goes on without a call. */
export type UnitUse = "used" | "unused" | "left";

/** A block is given back once nobody has taken a unit of it for so long. */
export const idleMs = 5000;
const firstPauseMs = 1000;
const longestPauseMs = 60_000;

export function lendingBlock({ block, validUntilMs }: ReservedBlock, since: number): HeldBlock {
  const phase: Phase = { kind: "Lending", validUntilMs, since, lastUsedAt: since, isLeft: false };
  return { block, used: 0, open: 0, phase, settlement: { kind: "Unsettled" } };
}

export function recoveredBlock(block: QuotaBlock): HeldBlock {
  return { block, used: 0, open: 0, phase: { kind: "Recovered" }, settlement: { kind: "Unsettled" } };
}

/** Takes a unit, if there is one to take. */
export function takeUnit(held: HeldBlock, now: number): boolean {
  const { block, phase } = held;
  if (phase.kind !== "Lending" || held.used >= block.granted || phase.validUntilMs <= now) return false;
  held.used += 1;
  held.open += 1;
  phase.lastUsedAt = now;
  return true;
}

export function returnUnit(held: HeldBlock, use: UnitUse): void {
  held.open -= 1;
  if (use === "unused") held.used -= 1;
  if (use === "left") countByStore(held);
}

/** From now on the store says what is used. */
export function countByStore({ phase }: HeldBlock): void {
  if (phase.kind !== "Recovered") phase.isLeft = true;
}

export function retire(held: HeldBlock): void {
  if (held.phase.kind === "Lending") held.phase = { kind: "Retired", isLeft: held.phase.isLeft };
}

/** When the quota was asked for it; undefined once no unit of it is taken any more. */
export function lendingSince({ phase }: HeldBlock): number | undefined {
  return phase.kind === "Lending" ? phase.since : undefined;
}

/** Whether it is settled, and closed, now: a block in use is not, and one that was settled is again when a unit came back. */
export function isDue(held: HeldBlock, now: number): boolean {
  const { block, phase, settlement, used, open } = held;
  if (settlement.kind === "InFlight") return false;
  if (settlement.kind === "Failed") return settlement.retryAt <= now;
  if (phase.kind !== "Lending") return needsSettling(held) || open === 0;
  if (phase.validUntilMs <= now || now - phase.lastUsedAt >= idleMs) return true;
  return used === block.granted && open === 0;
}

export function needsSettling({ settlement, used }: HeldBlock): boolean {
  return settlement.kind !== "Settled" || settlement.used !== used;
}

/** Each failure in a row doubles the pause. */
export function failedAgain(before: Settlement, now: number): Settlement {
  const failures = before.kind === "Failed" ? before.failures : 0;
  return {
    kind: "Failed",
    failures: failures + 1,
    retryAt: now + Math.min(firstPauseMs * 2 ** failures, longestPauseMs),
  };
}
