import type { Arrival, Between } from "./arrival.ts";

/** A message whose earlier attempts never arrived, as those of a process that was killed: later ones wait for it, but not for ever. */
export interface Overtaken {
  readonly messageId: string;
  readonly name: string;
  /** When the later one had arrived, by the wall clock. */
  readonly byThenMs: number;
}

/** What WhatsApp saw of a run. */
export interface Seen {
  readonly requests: number;
  readonly accepted: number;
  readonly refused: number;
  /** How many different messages were accepted. */
  readonly messages: number;
  /** Messages that were accepted more than once, with the attempts that were. */
  readonly repeated: readonly { readonly messageId: string; readonly attempts: readonly number[] }[];
  /** Attempts that arrived more than once. */
  readonly attemptsTwice: readonly string[];
  /** The most requests of one number that certainly arrived within any second, the refused ones included. */
  readonly mostInASecond: number;
  /** Messages whose first attempt arrived after a later message to their recipient. */
  readonly inversions: readonly string[];
  /** Messages that only arrived with a repeat, after a later one to their recipient. */
  readonly overtaken: readonly Overtaken[];
  /** Between the first and the last request. */
  readonly lastedMs: number;
  /** How long after its arrival a request may have been recorded at most. */
  readonly recorderLateMs: number;
  /** The longest time that a number sent nothing while others did, between its first and its last. */
  readonly longestGapMs: number;
}

const secondMs = 1000;

/** Judges by the log of all requests, whoever sent them. `timeOriginMs` makes its times ones of the wall clock. */
export function judge(arrivals: readonly Arrival[], timeOriginMs = 0): Seen {
  const accepted = arrivals.filter((arrival) => arrival.accepted);
  const attemptsOf = grouped(accepted, ({ messageId }) => messageId);
  const requestsOf = grouped(arrivals, ({ messageId, attempt }) => `${messageId}:${attempt}`);
  const quiet = spansBetween(arrivals).filter(({ startMs, endMs }) => endMs - startMs > busyMs);
  const late = [...grouped(accepted, ({ number, to }) => `${number} ${to}`).values()].flatMap(inversionsOf);
  const byNumber = [...grouped(arrivals, ({ number }) => number).values()];
  return {
    requests: arrivals.length,
    accepted: accepted.length,
    refused: arrivals.length - accepted.length,
    messages: attemptsOf.size,
    repeated: [...attemptsOf].flatMap(([messageId, all]) =>
      all.length > 1 ? [{ messageId, attempts: all.map(({ attempt }) => attempt) }] : [],
    ),
    attemptsTwice: [...requestsOf].flatMap(([name, all]) => (all.length > 1 ? [name] : [])),
    mostInASecond: Math.max(0, ...byNumber.map(mostInASecond)),
    inversions: late.flatMap((one) => (one.arrival.attempt === 1 ? [nameOf(one)] : [])),
    overtaken: late.flatMap((one) => {
      const { messageId, attempt } = one.arrival;
      return attempt === 1 ? [] : [{ messageId, name: nameOf(one), byThenMs: timeOriginMs + one.after.atMs }];
    }),
    lastedMs: (arrivals.at(-1)?.atMs ?? 0) - (arrivals[0]?.atMs ?? 0),
    recorderLateMs: arrivals.reduce((most, { earliestMs, atMs }) => Math.max(most, atMs - earliestMs), 0),
    longestGapMs: Math.max(0, ...byNumber.map((ofNumber) => longestGap(ofNumber, quiet))),
  };
}

/** How many requests of a number any second certainly has at most, as a sliding window. */
export function mostInASecond(arrivals: readonly Between[]): number {
  let first = 0;
  let most = 0;
  for (const [index, { atMs }] of arrivals.entries()) {
    while ((arrivals[first]?.atMs ?? atMs) <= atMs - secondMs) first += 1;
    most = Math.max(most, certainlySince(arrivals.slice(first, index + 1), atMs - secondMs));
  }
  return most;
}

/** How many certainly arrived after that. What was recorded late may have arrived earlier than it seems. */
export function certainlySince(arrivals: readonly Between[], sinceMs: number): number {
  return arrivals.reduce((count, { earliestMs }) => count + Number(earliestMs > sinceMs), 0);
}

/** While nothing arrives from any number for that long, the machine is busy with something else, or all is sent. */
const busyMs = 500;

/**
 * How long a number certainly sent nothing while others did, in which time no other process took over what it sends. Messages to a recipient
 * may have to wait for an earlier one whose outcome nobody knows. What a killed process left without an outcome is repeated after all
 * the others.
 */
function longestGap(arrivals: readonly Arrival[], quiet: readonly Span[]): number {
  const waiting = new Set(arrivals.flatMap(({ to, attempt }) => (attempt > 1 ? [to] : [])));
  const gaps = spansBetween(arrivals.filter(({ to }) => !waiting.has(to)));
  return gaps.reduce((most, gap) => {
    const quietMs = quiet.reduce((sum, one) => sum + overlapMs(gap, one), 0);
    return Math.max(most, gap.endMs - gap.startMs - quietMs);
  }, 0);
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** The times in which certainly nothing arrived. */
function spansBetween(arrivals: readonly Between[]): readonly Span[] {
  return arrivals.slice(1).flatMap(({ earliestMs }, index) => {
    const startMs = arrivals[index]?.atMs ?? earliestMs;
    return earliestMs > startMs ? [{ startMs, endMs: earliestMs }] : [];
  });
}

function overlapMs(one: Span, other: Span): number {
  return Math.max(0, Math.min(one.endMs, other.endMs) - Math.max(one.startMs, other.startMs));
}

interface Inversion {
  readonly arrival: Arrival;
  readonly after: Arrival;
}

/** A repeat of a message that has arrived is not its place in the order. */
function inversionsOf(ofPair: readonly Arrival[]): readonly Inversion[] {
  const seen = new Set<string>();
  let furthest: Arrival | undefined;
  return ofPair.flatMap((arrival) => {
    if (seen.has(arrival.messageId)) return [];
    seen.add(arrival.messageId);
    if (furthest && arrival.place <= furthest.place) return [{ arrival, after: furthest }];
    furthest = arrival;
    return [];
  });
}

function nameOf({ arrival: { number, to, place, attempt }, after }: Inversion): string {
  return `${number} to ${to}: ${place} with attempt ${attempt} after ${after.place}`;
}

function grouped(arrivals: readonly Arrival[], keyOf: (arrival: Arrival) => string): Map<string, Arrival[]> {
  const groups = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const key = keyOf(arrival);
    const group = groups.get(key);
    if (group) group.push(arrival);
    else groups.set(key, [arrival]);
  }
  return groups;
}
