import type { RateKey } from "../../ports/pacer.ts";
import type { Alarm } from "../alarm.ts";
import { createHeap, type Heap } from "./heap.ts";
import type { Kind, NumberGate, Passage } from "../number/number-gate.ts";
import { noDebt, type PairDebt } from "../pair/pair-limit.ts";
import { createQueue, type Queue } from "./queue.ts";
import { createTurnCount, type TurnCount } from "./turn-count.ts";

/** A submission that wants to go. */
export interface Visit {
  readonly rateKey: RateKey;
  readonly tenant: TenantPlace;
  readonly number: NumberPlace;
  readonly pair: PairPlace;
  /** Until when it can wait, as a steady time. */
  readonly deadline: number;
  /** Tells what waits for the passage. */
  wake?: () => void;
  /** There while it holds a permit. */
  passage?: Passage;
  /** Takes it out of the queue that it stands in. */
  leaveQueue?: () => void;
  /** Takes it out of those who wait for its number, for whatever reason. */
  leaveWaiting?: (() => void) | undefined;
  /** There while it stands in it. */
  line?: Line | undefined;
}

/** What all submissions of one tenant share. */
export interface TenantPlace {
  /** Permits. */
  held: number;
  /** How many of its submissions wait, for whatever reason. */
  waiting: number;
  /** The lines that wait for nothing but the tenant's share, by their turn. */
  readonly blocked: Heap<Line>;
  /** There while it is among those who are looked at when a permit is free. */
  leaveRound?: (() => void) | undefined;
}

export function tenantPlace(): TenantPlace {
  return { held: 0, waiting: 0, blocked: createHeap() };
}

/** Where those wait who leave from one number. */
export interface NumberPlace {
  readonly gate: NumberGate;
  /** Permits. */
  held: number;
  /** All who wait, for their pair too, by their deadline. */
  readonly waiting: Heap<Visit>;
  readonly lines: Map<string, Line>;
  readonly firsts: LinesOfKind;
  readonly repeats: LinesOfKind;
  alarm?: Alarm;
  /** There while it is among those who are looked at when a permit is free. */
  leaveRound?: (() => void) | undefined;
}

/** First attempts and repeats are let go by different limits, so that neither keeps the other. */
interface LinesOfKind {
  /** The lines that are in the number's round, by their turn. */
  readonly round: Heap<Line>;
  /** Of all lines. */
  readonly count: TurnCount;
}

export function numberPlace(gate: NumberGate): NumberPlace {
  const linesOfKind = (): LinesOfKind => ({ round: createHeap(), count: createTurnCount() });
  return {
    gate,
    held: 0,
    waiting: createHeap(),
    lines: new Map(),
    firsts: linesOfKind(),
    repeats: linesOfKind(),
  };
}

export function linesLike({ firsts, repeats }: NumberPlace, { isRepeat }: Kind): LinesOfKind {
  return isRepeat ? repeats : firsts;
}

/**
 * Those of one number who wait for nothing but that and a permit: for each tenant one line of those whom a call waits for, and
 * one of what its queue has; first attempts and repeats apart.
 */
export interface Line {
  readonly name: string;
  readonly kind: Kind;
  readonly tenant: TenantPlace;
  readonly number: NumberPlace;
  readonly visits: Queue<Visit>;
  /** Whose is lower goes first. */
  turn: number;
  /** Takes it out of its number's round, or out of its tenant's blocked lines. */
  leave: () => void;
}

export function lineNameOf({ tenantId, isQueued = false, isRepeat }: RateKey): string {
  return `${isQueued ? "queued" : "waiting"} ${isRepeat ? "repeat" : "first"} ${tenantId}`;
}

/** How many go before one who comes: all in its own line, and of each other line as many, since they take turns. */
export function aheadOf(rateKey: RateKey, number: NumberPlace): number {
  const own = number.lines.get(lineNameOf(rateKey))?.visits.size ?? 0;
  return linesLike(number, rateKey).count.after(own + 1);
}

/** Where those wait who go from one number to one recipient. */
export interface PairPlace {
  readonly debt: PairDebt;
  /** One is under way, or stands in line. */
  isBusy: boolean;
  /** WhatsApp has answered the one under way, so that the debt says all of it. */
  isCounted?: boolean;
  waiting?: { readonly queue: Queue<Visit>; readonly alarm: Alarm } | undefined;
}

export function pairPlace(): PairPlace {
  return { debt: noDebt(), isBusy: false };
}

export function newLine(visit: Visit, turn: number): Line {
  const { rateKey, tenant, number } = visit;
  return {
    name: lineNameOf(rateKey),
    kind: rateKey,
    tenant,
    number,
    visits: createQueue(),
    turn,
    leave: () => {},
  };
}
