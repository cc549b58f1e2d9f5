import type { Clock } from "./clock.ts";

/** Real time, or the time of one manual clock. */
type Timeline = "real time" | { readonly manual: true };

/** Known to every copy of this package, and kept by `{ ...adapter }`. */
const timeline = Symbol.for("@message-sender/core/timeline");

interface OnTimeline {
  readonly [timeline]?: Timeline;
}

/**
 * Marks an adapter that waits in real time: by timers, sockets or a database's clock. `createMessageSender` refuses to combine
 * it with a manual clock, under which a wait for it would never end.
 */
export function inRealTime<T extends object>(adapter: T): T {
  return Object.assign(adapter, { [timeline]: "real time" satisfies Timeline });
}

/** Marks an adapter that measures time by `clock`. `createMessageSender` refuses to combine it with another kind of clock. */
export function byClock<T extends object>(adapter: T, clock: Clock): T {
  const found = timelineOf(clock);
  return found ? Object.assign(adapter, { [timeline]: found }) : adapter;
}

/** Marks a clock that stands still until a test moves it. */
export function asManualClock<T extends Clock>(clock: T): T {
  return Object.assign(clock, { [timeline]: { manual: true } satisfies Timeline });
}

/**
 * Why these ports cannot work together: some wait in real time and some by a manual clock, or by two manual clocks. Undefined
 * where nothing speaks against it. A port without a mark fits everywhere.
 */
export function timelineConflict(ports: { readonly clock: Clock }): string | undefined {
  const own = timelineOf(ports.clock);
  const others = Object.entries(ports).flatMap(([name, port]) => {
    const found = timelineOf(port);
    return found && found !== own && (isManual(found) || isManual(own)) ? [{ name, isReal: !isManual(found) }] : [];
  });
  const named = (isReal: boolean): string =>
    others.flatMap((other) => (other.isReal === isReal ? [`\`${other.name}\``] : [])).join(", ");
  const [real, manual] = [named(true), named(false)];
  if (real) {
    return `The clock is a manual one, which moves only when a test moves it, but these ports wait in real time: ${real}. Waits would never end. With real adapters use \`createSystemClock()\` and no part of \`createTestPorts()\`; in a test use the ports of \`createTestPorts()\`.`;
  }
  if (manual) {
    return `These ports go by a manual clock that is not the sender's clock, so they would stand still: ${manual}. Take the clock and these ports from the same \`createTestPorts()\`, or give all of them \`createSystemClock()\`.`;
  }
  return undefined;
}

function timelineOf(port: unknown): Timeline | undefined {
  return typeof port === "object" && port !== null ? (port as OnTimeline)[timeline] : undefined;
}

function isManual(found: Timeline | undefined): boolean {
  return found !== undefined && found !== "real time";
}
