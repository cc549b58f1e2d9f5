import { duration } from "../words/duration.ts";

/** A stretch of time that is drawn shorter than it was. */
interface Cut {
  readonly x: number;
  readonly width: number;
  readonly ms: number;
}

/** From times to places on a line. */
export interface Scale {
  at(time: number): number;
  readonly cuts: readonly Cut[];
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
}

const cutWidth = 56;
const mostCuts = 4;
/**
 * A stretch is cut if it is so many times as long as all others together, and not short: one in which something was going on, such as a
 * wait, only if the others could not be seen otherwise.
 */
const outOfProportion = { idle: 4, busy: 20 };
const shortestCutMs = 5000;
const tickSpace = 90;

/** What is drawn, from one time to another, which may be the same. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly isBusy: boolean;
  isCut: boolean;
}

/**
 * One scale for all of the line: so many pixels a millisecond. Stretches that would leave no room for the others, such as the night
 * until a message was read, are cut, and marked as cut.
 */
export function createScale(spans: readonly Span[], width: number): Scale {
  const points = [...new Set(spans.flatMap(({ from, to }) => [from, to]))].toSorted((one, other) => one - other);
  const stretches = points.slice(1).map((to, index): Stretch => {
    const from = points[index] ?? to;
    return { from, to, isBusy: spans.some((span) => span.from <= from && span.to >= to), isCut: false };
  });
  const cuts = cutLongest(stretches);
  const drawnMs = sum(stretches.filter(({ isCut }) => !isCut));
  const perMs = drawnMs > 0 ? (width - cuts * cutWidth) / drawnMs : 0;

  const placed: { readonly stretch: Stretch; readonly x: number; readonly width: number }[] = [];
  let x = 0;
  for (const stretch of stretches) {
    const own = stretch.isCut ? cutWidth : (stretch.to - stretch.from) * perMs;
    placed.push({ stretch, x, width: own });
    x += own;
  }

  function at(time: number): number {
    for (const { stretch, x: start, width: own } of placed) {
      if (time <= stretch.to) {
        const share = (time - stretch.from) / (stretch.to - stretch.from);
        return start + own * Math.max(0, Math.min(1, share));
      }
    }
    return x;
  }

  return {
    at,
    cuts: placed.flatMap(({ stretch: { from, to, isCut }, x: start, width: own }) =>
      isCut ? [{ x: start, width: own, ms: to - from }] : [],
    ),
    ticks: ticksOf(points[0] ?? 0, placed, at),
  };
}

function cutLongest(stretches: readonly Stretch[]): number {
  for (let cuts = 0; cuts < mostCuts; cuts += 1) {
    const open = stretches.filter(({ isCut }) => !isCut);
    const [longest] = open.toSorted((one, other) => other.to - other.from - (one.to - one.from));
    if (!longest || open.length < 2) return cuts;
    const length = longest.to - longest.from;
    const factor = outOfProportion[longest.isBusy ? "busy" : "idle"];
    if (length < shortestCutMs || length < factor * (sum(open) - length)) return cuts;
    longest.isCut = true;
  }
  return mostCuts;
}

function sum(stretches: readonly Stretch[]): number {
  return stretches.reduce((total, { from, to }) => total + to - from, 0);
}

const steps = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 216e5,
  432e5, 864e5, 1728e5, 6048e5,
];

/** Round times since the first, where they fall into what is drawn to scale. */
function ticksOf(
  start: number,
  placed: readonly { readonly stretch: Stretch; readonly width: number }[],
  at: (time: number) => number,
): Scale["ticks"] {
  // A stretch that is cut has its length where its times would be.
  const ticks: { x: number; label: string }[] = placed[0]?.stretch.isCut ? [] : [{ x: 0, label: "0" }];
  for (const { stretch, width } of merged(placed)) {
    const { from, to } = stretch;
    const step = steps.find((each) => (each / (to - from)) * width >= tickSpace);
    if (step === undefined) continue;
    for (let since = Math.ceil((from - start) / step) * step; since <= to - start; since += step) {
      const x = at(start + since);
      const label = `+${duration(since)}`;
      const last = ticks.at(-1);
      // Long after the first time, the milliseconds between two ticks do not show in their labels.
      if (label !== last?.label && x - (last?.x ?? 0) >= tickSpace * 0.8) ticks.push({ x, label });
    }
  }
  return ticks;
}

/** Neighbours that are drawn to scale are one stretch. */
function merged(placed: readonly { readonly stretch: Stretch; readonly width: number }[]) {
  const found: { stretch: Stretch; width: number }[] = [];
  for (const { stretch, width } of placed) {
    const last = found.at(-1);
    if (stretch.isCut) found.push({ stretch, width });
    else if (last && !last.stretch.isCut && last.stretch.to === stretch.from) {
      last.stretch = { ...stretch, from: last.stretch.from };
      last.width += width;
    } else found.push({ stretch: { ...stretch }, width });
  }
  return found.filter(({ stretch }) => !stretch.isCut);
}
