import type { SlotsBooked } from "../../ports/number-rates.ts";
import type { SteadyTime } from "../../time/steady-time.ts";
import type { Lead } from "../rate/lead.ts";
import { lateMs, perSecondAt, type Rate, type Slot, rateWindowMs } from "../rate/rate.ts";
import { createSlowdown, usageMs } from "../rate/slowdown.ts";
import type { Bookings, Line } from "./bookings.ts";

interface SharedRateParts {
  readonly number: string;
  readonly limit: number;
  readonly aheadMs: number;
  readonly time: SteadyTime;
  readonly lead: Lead;
  readonly bookings: Bookings;
  /** How many messages are in the queue for which nothing but the rate is missing. */
  readonly waiting: () => number;
  /** Called when slots have come, or what another process was told. */
  readonly onBooked: (slots: SlotsBooked, isSlower: boolean) => void;
  /** Called when none could be booked. */
  readonly onFailed: (reason: string) => void;
}

interface Ready {
  readonly from: number;
  readonly end: (failure: string | undefined) => void;
}

/**
 * The rate of one number that several processes send from. Slots are booked for those that wait. A message that nobody is ahead of
 * starts at once, and its intent is stored while its slot is booked.
 */
export function createSharedRate(parts: SharedRateParts): Rate {
  const { number, aheadMs, time, lead, bookings, waiting, onBooked, onFailed } = parts;
  let { limit } = parts;
  const slowdown = createSlowdown(() => limit);
  /** Booked and not used yet, in order. */
  let slots: number[] = [];
  /** Messages that have started and are not ready yet. Whichever is ready first gets the first slot. */
  const preparing = new Set<Slot>();
  /** Messages that are ready and whose slots are being booked. */
  const ready = new Map<Slot, Ready>();
  /** When the last slot is that anyone has booked, as far as this process knows. */
  let bookedUntil = -Infinity;
  /** The share that the other processes know. Each answer repeats it. */
  let toldUsage = { share: 1, at: -Infinity };

  const perSecond = (now: number): number => perSecondAt(limit, slowdown.share(now));
  const spacingMs = (): number => rateWindowMs / limit;

  /** Gives up the slots that are over at that time. */
  function drop(now: number): void {
    while (slots[0] !== undefined && slots[0] < now - lateMs) slots.shift();
  }

  /** The first slot that is left for a message that has not started. */
  function next(now: number): number | undefined {
    drop(now);
    return slots[preparing.size];
  }

  function assign(slot: Slot, from: number): void {
    drop(from);
    const at = slots.shift();
    if (at !== undefined) {
      slot.slotAt = Math.max(at, from);
      return;
    }
    slot.slotAt = Infinity;
    slot.booking = new Promise((end) => ready.set(slot, { from, end }));
    bookings.want(line);
  }

  function give(at: number, now: number): void {
    if (at < now - lateMs) return;
    for (const [slot, { from, end }] of ready) {
      if (at < from - lateMs) continue;
      ready.delete(slot);
      slot.slotAt = Math.max(at, from);
      slot.booking = undefined;
      return end(undefined);
    }
    slots.push(at);
  }

  const line: Line = {
    number,
    ask() {
      const now = time.now();
      drop(now);
      const missing = waiting() + preparing.size + ready.size - slots.length;
      if (missing <= 0) return undefined;
      const share = perSecond(now) / limit;
      const most = 1 + Math.floor((aheadMs * share) / spacingMs());
      return { wanted: Math.min(missing, most), spacingMs: spacingMs(), share };
    },
    booked(news) {
      const { firstAtMs, spacingMs: apartMs, booked, slowed, usage } = news;
      const now = time.now();
      const isSlower = slowdown.heed(
        slowed && { share: slowed.share, at: time.ofMonotonic(slowed.atMs) },
        usage && { share: usage.share, until: time.ofMonotonic(usage.untilMs) },
      );
      if (usage) toldUsage = { share: usage.share, at: time.ofMonotonic(usage.untilMs) - usageMs };
      const firstAt = time.ofMonotonic(firstAtMs);
      bookedUntil = firstAt + Math.max(0, booked - 1) * apartMs;
      // What was booked at the full rate is given up.
      if (isSlower) slots = [];
      else for (let index = 0; index < booked; index += 1) give(firstAt + index * apartMs, now);
      onBooked(news, isSlower);
    },
    failed(reason) {
      for (const { end } of ready.values()) end(reason);
      ready.clear();
      onFailed(reason);
    },
  };

  return {
    get limit() {
      return limit;
    },
    perSecond,
    allowedAt(now) {
      const at = next(now);
      if (at !== undefined) return at;
      const isAlone = preparing.size === 0 && ready.size === 0;
      return isAlone && bookedUntil <= now + lead.ms ? now : Infinity;
    },
    queuedAllowedAt(now) {
      const at = next(now);
      if (at === undefined) bookings.want(line);
      return at ?? Infinity;
    },
    expectedAt(ahead, from) {
      return Math.max(from, bookedUntil) + (ahead * spacingMs()) / slowdown.lastingShare(from);
    },
    start(slot, now) {
      drop(now);
      preparing.add(slot);
      slot.slotAt = Infinity;
      // While it takes long to get ready, a slot that is booked now would be over by then.
      if (slots.length < preparing.size && lead.ms < lateMs) bookings.want(line);
    },
    ready(slot, now, from) {
      if (slot.booking || (!preparing.delete(slot) && now <= slot.slotAt + lateMs)) return;
      assign(slot, from);
    },
    giveBack: (slot) => void ready.delete(slot),
    ended(slot) {
      preparing.delete(slot);
      ready.delete(slot);
    },
    answered: () => {},
    queued(now) {
      drop(now);
      if (slots.length < waiting() + preparing.size) bookings.want(line);
    },
    queueEmptied: () => {},
    halve(since, now) {
      if (!slowdown.halve(since, now)) return false;
      slots = [];
      bookings.report(number, { kind: "slowed", share: slowdown.slowed.share });
      return true;
    },
    applyUsage(percent, now) {
      slowdown.applyUsage(percent, now);
      const { share } = slowdown.usage;
      if (share === toldUsage.share && (share === 1 || now < toldUsage.at + usageMs / 2)) return;
      toldUsage = { share, at: now };
      bookings.report(number, { kind: "usage", share, forMs: usageMs });
    },
    setLimit(next) {
      limit = next;
    },
  };
}
