import type { Arrival } from "./arrival.ts";

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
  /** The most requests of one number within any second, the refused ones included. */
  readonly mostInASecond: number;
  /** Messages that arrived before an earlier one to their recipient. */
  readonly inversions: readonly string[];
  /** Between the first and the last request. */
  readonly lastedMs: number;
  /** How late the process that recorded the requests was at most: requests then arrive together that were sent apart. */
  readonly recorderLateMs: number;
  /** The longest time that a number sent nothing, between its first and its last message. */
  readonly longestGapMs: number;
}

const secondMs = 1000;

/** Judges by the log of all requests, whoever sent them. */
export function judge(arrivals: readonly Arrival[], recorderLateMs: number): Seen {
  const accepted = arrivals.filter((arrival) => arrival.accepted);
  const attemptsOf = grouped(accepted, ({ messageId }) => messageId);
  const requestsOf = grouped(arrivals, ({ messageId, attempt }) => `${messageId}:${attempt}`);
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
    inversions: [...grouped(accepted, ({ number, to }) => `${number} ${to}`).values()].flatMap(inversionsOf),
    lastedMs: (arrivals.at(-1)?.atMs ?? 0) - (arrivals[0]?.atMs ?? 0),
    recorderLateMs,
    longestGapMs: Math.max(0, ...byNumber.map(longestGap)),
  };
}

/** How many requests of a number any second has at most, as a sliding window. */
export function mostInASecond(arrivals: readonly Arrival[]): number {
  let first = 0;
  let most = 0;
  for (const [index, { atMs }] of arrivals.entries()) {
    while ((arrivals[first]?.atMs ?? atMs) <= atMs - secondMs) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

function longestGap(arrivals: readonly Arrival[]): number {
  return arrivals.reduce((most, { atMs }, index) => Math.max(most, atMs - (arrivals[index - 1]?.atMs ?? atMs)), 0);
}

/** A repeat of a message is not its place in the order. */
function inversionsOf(ofPair: readonly Arrival[]): string[] {
  const seen = new Set<string>();
  let furthest = -Infinity;
  return ofPair.flatMap(({ messageId, place, number, to }) => {
    if (seen.has(messageId)) return [];
    seen.add(messageId);
    const isLate = place < furthest;
    furthest = Math.max(furthest, place);
    return isLate ? [`${number} to ${to}: ${place} after ${furthest}`] : [];
  });
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
