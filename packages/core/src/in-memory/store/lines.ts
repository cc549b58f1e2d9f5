import { type MessageId, outletName, type OutletRef } from "../../content/identifiers.ts";
import type { Message } from "../../domain/message.ts";
import { delaysUntil, orderAt, queueDueAt } from "../../domain/next-step.ts";
import { isFinished } from "../../domain/status.ts";
import type { Clock } from "../../ports/clock.ts";
import type { SteadyTime } from "../../time/steady-time.ts";

/** An unfinished message in the queue. Times are steady ones. */
export interface Place {
  readonly id: MessageId;
  readonly recipient: string;
  readonly line: Line;
  /** Counts the messages as they enter. */
  readonly number: number;
  readonly orderAt: number;
  /** `Infinity` while it is in flight. */
  dueAt: number;
  delaysUntil: number;
}

/** An outlet that has unfinished messages in the queue. */
export interface Line {
  readonly ref: OutletRef;
  /** In their order. */
  readonly places: Place[];
  /** When it is due, if nobody holds it: no later than the first of its messages. */
  dueAt: number;
}

/** The unfinished messages of a queue, by line. */
export interface Lines {
  /** Notes a message as it is accepted or changed. Returns its line, and when it is due: `Infinity` if it is not. */
  note(message: Message): { readonly line: Line; readonly dueAt: number } | undefined;
  /** Forgets a line that has no messages. */
  drop(line: Line): void;
  all(): Iterable<Line>;
  find(ref: OutletRef): Line | undefined;
  /** The unfinished messages. */
  readonly places: ReadonlyMap<MessageId, Place>;
  depth(tenantId: string): number;
}

export function createLines(clock: Clock, time: SteadyTime): Lines {
  const lines = new Map<string, Line>();
  const places = new Map<MessageId, Place>();
  const depths = new Map<string, number>();
  let entered = 0;

  function enter(message: Message): Place {
    const { outlet, to } = message.request;
    const name = outletName(outlet);
    let line = lines.get(name);
    if (!line) lines.set(name, (line = { ref: { ...outlet }, places: [], dueAt: Infinity }));
    const at = time.of(orderAt(message, clock.now()));
    const number = (entered += 1);
    const place = { id: message.id, recipient: to, line, number, orderAt: at, dueAt: Infinity, delaysUntil: Infinity };
    line.places.splice(indexIn(line.places, place), 0, place);
    places.set(message.id, place);
    count(outlet.tenantId, 1);
    return place;
  }

  function leave(place: Place): void {
    const { line } = place;
    line.places.splice(indexIn(line.places, place), 1);
    places.delete(place.id);
    count(line.ref.tenantId, -1);
  }

  function count(tenantId: string, change: 1 | -1): void {
    const depth = (depths.get(tenantId) ?? 0) + change;
    if (depth > 0) depths.set(tenantId, depth);
    else depths.delete(tenantId);
  }

  return {
    places,
    all: () => lines.values(),
    find: (ref) => lines.get(outletName(ref)),
    depth: (tenantId) => depths.get(tenantId) ?? 0,
    drop: ({ ref }) => void lines.delete(outletName(ref)),
    note(message) {
      const known = places.get(message.id);
      if (message.mode !== "queued" || isFinished(message)) {
        if (known) leave(known);
        return known && { line: known.line, dueAt: Infinity };
      }
      const place = known ?? enter(message);
      const dueAt = queueDueAt(message, clock.now());
      place.dueAt = dueAt ? time.of(dueAt) : Infinity;
      place.delaysUntil = time.of(delaysUntil(message, clock.now()));
      return { line: place.line, dueAt: place.dueAt };
    },
  };
}

/** When the first of its messages is due. */
export function firstDueAt({ places }: Line): number {
  return places.reduce((first, { dueAt }) => Math.min(first, dueAt), Infinity);
}

/** The messages of a line that are due, up to `each`, without those that an earlier one to the same recipient delays. */
export function headsOf({ places }: Line, now: number, each: number): readonly Place[] {
  const heads: Place[] = [];
  const delayed = new Set<string>();
  for (const place of places) {
    if (heads.length === each || place.orderAt > now) break;
    if (delayed.has(place.recipient)) continue;
    const isDue = place.dueAt <= now;
    if (isDue) heads.push(place);
    if (isDue || now < place.delaysUntil) delayed.add(place.recipient);
  }
  return heads;
}

/** Where it is in the order, or would be. Most messages enter at the end. */
function indexIn(places: readonly Place[], place: Place): number {
  let [from, to] = [0, places.length];
  const last = places.at(-1);
  if (last && isBefore(last, place)) return to;
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = places[middle];
    if (other && isBefore(other, place)) from = middle + 1;
    else to = middle;
  }
  return from;
}

function isBefore(one: Place, other: Place): boolean {
  return one.orderAt < other.orderAt || (one.orderAt === other.orderAt && one.number < other.number);
}
