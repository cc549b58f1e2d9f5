import type { Message } from "../../domain/message.ts";
import type { LineRef } from "../../ports/store/message-queue.ts";
import type { HeapPlace } from "../../time/heap.ts";

/** What is under way for a tenant. */
export interface TenantWork {
  readonly id: string;
  lines: number;
  buffered: number;
  begun: number;
}

/** A line that this process holds. Times are monotonic. */
export interface HeldLine {
  readonly ref: LineRef;
  readonly tenant: TenantWork;
  /** The messages to begin next, as they were last read. */
  buffer: readonly Message[];
  /** Deliveries under way, and those of them whose attempt has its permit. */
  begun: number;
  permitted: number;
  /** Whether it is being read. */
  isRead: boolean;
  /** Whether messages may be due that are not in the buffer. */
  hasMore: boolean;
  /** It is read again once fewer are in the buffer. */
  low: number;
  readMs: number;
  /** Until when pacing holds its number back. */
  heldUntilMs: number;
  /** When it is read again although it is held back, because messages expire. */
  expiresMs: number;
  grants: Grants;
  /** When to look at it again although nothing happens to it. `Infinity`: never. */
  recheckMs: number;
  recheckPlace: HeapPlace<HeldLine> | undefined;
  /** Whether another process is to have it: nothing more begins. */
  isGivenUp: boolean;
  /** Whether it was released or its lease is over. */
  isGone: boolean;
}

/** How many permits it was given in this period and in the one before. */
interface Grants {
  readonly sinceMs: number;
  readonly count: number;
  readonly before: number;
}

const periodMs = 500;
const leastWaiting = 8;
const mostWaiting = 256;
const noGrants: Grants = { sinceMs: -Infinity, count: 0, before: 0 };

export function newHeldLine(ref: LineRef, tenant: TenantWork, heldUntilMs = -Infinity): HeldLine {
  return {
    ref,
    tenant,
    buffer: [],
    begun: 0,
    permitted: 0,
    isRead: false,
    hasMore: true,
    low: 1,
    readMs: -Infinity,
    heldUntilMs,
    // What expires meanwhile is not known before it is read.
    expiresMs: -Infinity,
    grants: noGrants,
    recheckMs: Infinity,
    recheckPlace: undefined,
    isGivenUp: false,
    isGone: false,
  };
}

function grantsAt({ grants }: HeldLine, nowMs: number): Grants {
  const periods = Math.floor((nowMs - grants.sinceMs) / periodMs);
  if (periods < 1) return grants;
  return { sinceMs: nowMs, count: 0, before: periods === 1 ? grants.count : 0 };
}

export function countGrant(line: HeldLine, nowMs: number): void {
  const grants = grantsAt(line, nowMs);
  line.grants = { ...grants, count: grants.count + 1 };
}

/**
 * Whether another of its messages may begin to wait for a permit: as many may wait as its number was given permits in half a second,
 * which is enough to use its rate, and never so many that most would wait in vain.
 */
export function mayWait(line: HeldLine, nowMs: number): boolean {
  const { count, before } = grantsAt(line, nowMs);
  const most = Math.min(mostWaiting, Math.max(leastWaiting, count, before));
  return line.begun - line.permitted < most;
}
