import type { RateNews } from "../../ports/number-rates.ts";
import type { Slowdown } from "../../ports/pacer.ts";
import type { SteadyTime } from "../../time/steady-time.ts";

/** What WhatsApp told any of the processes that share a number, as a slowdown. */
export function slowdownOf(news: RateNews | undefined, time: SteadyTime): Slowdown | undefined {
  const { closed, slowed, usage } = news ?? {};
  if (closed) {
    return { condition: "paused", until: time.toWall(time.ofMonotonic(closed.untilMs)), reason: closed.reason };
  }
  if (slowed) return { condition: "throttled", reason: "WhatsApp said that a limit is reached" };
  return usage && usage.share < 1
    ? { condition: "throttled", reason: "WhatsApp said that much of a limit is used up" }
    : undefined;
}

/** The one that slows down the most; of two alike, the first. */
export function strongest(slowdowns: readonly (Slowdown | undefined)[]): Slowdown | undefined {
  for (const condition of ["open", "paused", "throttled"]) {
    const found = slowdowns.find((slowdown) => slowdown?.condition === condition);
    if (found) return found;
  }
  return undefined;
}
