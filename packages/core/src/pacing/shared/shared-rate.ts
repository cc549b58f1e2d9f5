import type { SlotsBooked } from "../../ports/number-rates.ts";
import type { SteadyTime } from "../../time/steady-time.ts";
import type { Lead } from "../rate/lead.ts";
import { lateMs, perSecondAt, type Rate, type Slot, windowMs } from "../rate/rate.ts";
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

interface Started {
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
  /** Messages that have started and whose slots are being booked. */
  const started = new Map<Slot, Started>();
  /** When the last slot is that anyone has booked, as far as this process knows. */
  let bookedUntil = -Infinity;
  /** The share that the other processes know. Each answer repeats it. */
  let toldUsage = { share: 1, at: -Infinity };

  const perSecond = (now: number): number => perSecondAt(limit, slowdown.share(now));
  const spacingMs = (): number => windowMs / limit;

  /** The first slot that can still be used. Those that cannot are given up. */
  function first(now: number): number | undefined {
    const latest = now - lateMs + Math.min(lead.ms, lateMs / 2);
    while (slots[0] !== undefined && slots[0] < latest) slots.shift();
    return slots[0];
  }

  function give(at: number, now: number): void {
    if (at < now - lateMs) return;
    for (const [slot, { from, end }] of started) {
      if (at < from - lateMs) continue;
      started.delete(slot);
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
      first(now);
      const missing = waiting() + started.size - slots.length;
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
      for (const { end } of started.values()) end(reason);
      started.clear();
      onFailed(reason);
    },
  };

  return {
    get limit() {
      return limit;
    },
    perSecond,
    allowedAt(now) {
      const at = first(now);
      if (at !== undefined) return at;
      return started.size === 0 && bookedUntil <= now + lead.ms ? now : Infinity;
    },
    queuedAllowedAt(now) {
      const at = first(now);
      if (at === undefined) bookings.want(line);
      return at ?? Infinity;
    },
    expectedAt(ahead, from) {
      return Math.max(from, bookedUntil) + (ahead * spacingMs()) / slowdown.lastingShare(from);
    },
    take(slot, from) {
      const at = first(from);
      if (at !== undefined) {
        slots.shift();
        slot.slotAt = Math.max(at, from);
        return;
      }
      slot.slotAt = Infinity;
      slot.booking = new Promise((end) => started.set(slot, { from, end }));
      bookings.want(line);
    },
    giveBack(slot) {
      started.delete(slot);
    },
    answered: () => {},
    queued(now) {
      first(now);
      if (slots.length < waiting()) bookings.want(line);
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
