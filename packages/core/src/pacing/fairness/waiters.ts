import type { RateKey } from "../../ports/pacer.ts";
import type { Alarm } from "../alarm.ts";
import type { Hold } from "../hold.ts";
import { createHeap, type Heap, type HeapPlace } from "../../time/heap.ts";
import type { Kind, NumberGate, Started } from "../number/number-gate.ts";
import { noDebt, type PairDebt } from "../pair/pair-limit.ts";
import { createFifo, type Fifo, type FifoPlace } from "./fifo.ts";
import { createTurnsAhead, type TurnsAhead } from "./turns-ahead.ts";

/** A submission that waits for its permit, or holds it. There may be many: it has all its fields from the start. */
export interface Waiter {
  readonly rateKey: RateKey;
  readonly tenant: TenantShare;
  readonly number: NumberQueues;
  readonly pair: PairQueue;
  /** Until when it may wait, as a steady time. */
  deadline: number;
  /** Wakes the call that waits for the permit. */
  wake: (() => void) | undefined;
  /** Why it gets none, whatever the time. */
  denied: Hold | undefined;
  /** Set once it holds a permit. */
  started: Started | undefined;
  /** Its place in the queue of its pair, or in its fair queue. */
  queuePlace: FifoPlace<Waiter> | undefined;
  /** Its place among the waiters of its number. */
  waitingPlace: HeapPlace<Waiter> | undefined;
  /** The fair queue that it is in. */
  queue: FairQueue | undefined;
}

/** What the submissions of one tenant share. */
export interface TenantShare {
  /** How many permits are in use. */
  held: number;
  /** How many of its submissions wait, for whatever reason. */
  waiting: number;
  /** The queues that wait only for the tenant's share, by turn. */
  readonly blocked: Heap<FairQueue>;
  /** Set while it is a candidate for the next free permit. */
  candidatePlace?: HeapPlace<TenantShare> | undefined;
}

export function newTenantShare(): TenantShare {
  return { held: 0, waiting: 0, blocked: createHeap() };
}

/** The queues of one number. */
export interface NumberQueues {
  readonly gate: NumberGate;
  /** How many permits are in use. */
  held: number;
  /** All its waiters by deadline, including those that wait for their pair. */
  readonly waiting: Heap<Waiter>;
  readonly queues: Map<string, FairQueue>;
  readonly firsts: QueuesOfKind;
  readonly repeats: QueuesOfKind;
  alarm?: Alarm;
  /** Rings at the earliest deadline of its waiters. */
  deadlineAlarm?: Alarm;
  /** Set while it is a candidate for the next free permit. */
  candidatePlace?: HeapPlace<NumberQueues> | undefined;
}

/** First attempts and retries have different limits, so neither delays the other. */
interface QueuesOfKind {
  /** The queues that wait for their turn at the number. */
  readonly ready: Heap<FairQueue>;
  /** Counts all queues of the kind. */
  readonly count: TurnsAhead;
}

export function newNumberQueues(gate: NumberGate): NumberQueues {
  const queuesOfKind = (): QueuesOfKind => ({ ready: createHeap(), count: createTurnsAhead() });
  return {
    gate,
    held: 0,
    waiting: createHeap(),
    queues: new Map(),
    firsts: queuesOfKind(),
    repeats: queuesOfKind(),
  };
}

export function queuesLike({ firsts, repeats }: NumberQueues, { isRetry }: Kind): QueuesOfKind {
  return isRetry ? repeats : firsts;
}

/**
 * Submissions of one tenant at one number that wait only for the number and a permit. A tenant has up to four such queues at a
 * number: first attempts and retries, of callers and of its message queue. The queues of a number take turns.
 */
export interface FairQueue {
  readonly name: string;
  readonly kind: Kind;
  readonly tenant: TenantShare;
  readonly number: NumberQueues;
  readonly waiters: Fifo<Waiter>;
  /** The lowest turn starts first. */
  turn: number;
  /** Removes it from its number's ready queues, or from its tenant's blocked ones. */
  leave: () => void;
}

export function queueNameOf({ tenantId, isQueued = false, isRetry }: RateKey): string {
  return `${isQueued ? "queued" : "waiting"} ${isRetry ? "repeat" : "first"} ${tenantId}`;
}

/** How many of them wait for nothing but the number's rate and a permit. */
export function waitingAt({ gate, firsts, repeats }: NumberQueues, now: number): number {
  if (gate.pausedUntil(now) > now) return 0;
  const isHeld = gate.retriesAllowedAt(now) > now;
  return firsts.count.after(Infinity) + (isHeld ? 0 : repeats.count.after(Infinity));
}

/** How many start before a new submission: all in its own queue, and as many from each other queue, since queues take turns. */
export function aheadOf(rateKey: RateKey, number: NumberQueues): number {
  const own = number.queues.get(queueNameOf(rateKey))?.waiters.size ?? 0;
  return queuesLike(number, rateKey).count.after(own + 1);
}

/** Submissions from one number to one recipient: one at a time. */
export interface PairQueue {
  readonly debt: PairDebt;
  /** Whether one is in flight or waits in a fair queue. */
  isBusy: boolean;
  /** Whether WhatsApp has answered the one in flight, so that the debt includes it. */
  isCounted: boolean;
  waiting?: { readonly queue: Fifo<Waiter>; readonly alarm: Alarm } | undefined;
}

export function newPairQueue(): PairQueue {
  return { debt: noDebt(), isBusy: false, isCounted: false };
}

export function newFairQueue(waiter: Waiter, turn: number): FairQueue {
  const { rateKey, tenant, number } = waiter;
  return {
    name: queueNameOf(rateKey),
    kind: rateKey,
    tenant,
    number,
    waiters: createFifo(),
    turn,
    leave: () => {},
  };
}
