import { okAsync } from "neverthrow";

import type { Clock } from "../ports/clock.ts";
import type { NumberRates, RateNews, SlotAsk, SlotsBooked } from "../ports/number-rates.ts";
import { rateWindowMs } from "../pacing/rate/rate.ts";
import { byClock } from "../ports/timeline.ts";

/** Time lines that a test can disturb. Pacers that share one are like processes that send from the same numbers. */
export interface InMemoryNumberRates extends NumberRates {
  /** Loses everything, as a server that crashes. */
  lose(): void;
  /** Sets the clock that orders the slots back. */
  stepBack(ms: number): void;
}

interface TimeLine {
  nextAt: number;
  spacingMs: number;
  spacedAt: number;
  closed?: NonNullable<RateNews["closed"]>;
  slowed?: NonNullable<RateNews["slowed"]>;
  usage?: NonNullable<RateNews["usage"]>;
}

const spacingKeptMs = 60_000;
const slowedKeptMs = 60_000;
/** A time line that reaches further ahead was kept by a clock that was set back. */
const leastStepMs = 2000;

/** Keeps the rates of numbers in memory. */
export function createInMemoryNumberRates({ clock }: { readonly clock: Clock }): InMemoryNumberRates {
  let lines = new Map<string, TimeLine>();
  let lostAt = -Infinity;

  function lineOf(number: string, now: number): TimeLine {
    const known = lines.get(number);
    if (known) return known;
    const line = { nextAt: Math.max(now, lostAt + rateWindowMs), spacingMs: 0, spacedAt: -Infinity };
    lines.set(number, line);
    return line;
  }

  function bookOne({ number, wanted, spacingMs, share }: SlotAsk, aheadMs: number, now: number): SlotsBooked {
    const line = lineOf(number, now);
    if (spacingMs >= line.spacingMs || now > line.spacedAt + spacingKeptMs) {
      line.spacingMs = spacingMs;
      line.spacedAt = now;
    }
    const apartMs = line.spacingMs / share;
    if (line.nextAt > now + Math.max(aheadMs, leastStepMs) + apartMs) line.nextAt = now + aheadMs;
    const news = newsOf(line, now);
    const firstAtMs = Math.max(line.nextAt, now, news.closed?.untilMs ?? 0);
    const most = firstAtMs > now + aheadMs ? 0 : 1 + Math.floor((now + aheadMs - firstAtMs) / apartMs);
    const booked = Math.min(wanted, most);
    if (booked > 0) line.nextAt = firstAtMs + booked * apartMs;
    return { number, booked, firstAtMs, spacingMs: apartMs, ...news };
  }

  function newsOf({ closed, slowed, usage }: Pick<TimeLine, keyof RateNews>, now: number): RateNews {
    return {
      ...(closed && closed.untilMs > now && { closed }),
      ...(slowed && slowed.atMs > now - slowedKeptMs && { slowed }),
      ...(usage && usage.untilMs > now && { usage }),
    };
  }

  const rates: InMemoryNumberRates = {
    book(asks, aheadMs) {
      const now = clock.monotonicMs();
      return okAsync(asks.map((ask) => bookOne(ask, aheadMs, now)));
    },
    report(number, change) {
      const now = clock.monotonicMs();
      const line = lineOf(number, now);
      if (change.kind === "slowed") line.slowed = { share: change.share, atMs: now };
      else if (change.kind === "usage") line.usage = { share: change.share, untilMs: now + change.forMs };
      else if (now + change.forMs > (line.closed?.untilMs ?? 0))
        line.closed = { untilMs: now + change.forMs, reason: change.reason };
      return okAsync(undefined);
    },
    news(numbers) {
      const now = clock.monotonicMs();
      const found = numbers.map((number) => [number, newsOf(lines.get(number) ?? {}, now)] as const);
      return okAsync(new Map(found.filter(([, news]) => Object.keys(news).length > 0)));
    },
    lose() {
      lines = new Map();
      lostAt = clock.monotonicMs();
    },
    stepBack(ms) {
      for (const line of lines.values()) line.nextAt += ms;
    },
  };
  return byClock(rates, clock);
}
