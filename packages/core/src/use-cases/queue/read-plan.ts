import type { Message } from "../../domain/message.ts";
import type { HeldLine } from "./held-line.ts";

/** Lines to read together. */
export interface ReadPlan {
  readonly lines: readonly HeldLine[];
  /** How many messages of each. */
  readonly each: number;
  /** The number of the read (`UnreadChanges`). */
  readonly read: number;
}

/** Whose lines to read: those of all tenants, or of those of whom nothing is under way. */
export type ReadFor = "all" | "idle tenants";

export const linesAtOnce = 256;
export const readAtOnce = 768;
export const leastEach = 2;
const mostEach = 48;

/**
 * Reads of these lines, with room for so many messages. A read returns again what is known already, so lines with about as many known
 * messages are read together.
 */
export function plansFor(picked: readonly HeldLine[], room: number): readonly Omit<ReadPlan, "read">[] {
  const each = Math.max(leastEach, Math.min(mostEach, Math.floor(room / picked.length)));
  const groups = new Map<number, HeldLine[]>();
  for (const line of picked) {
    const count = line.buffer.length + line.begun - line.permitted;
    const known = count <= 0 ? 0 : 2 ** Math.ceil(Math.log2(count));
    const group = groups.get(known);
    if (group) group.push(line);
    else groups.set(known, [line]);
  }
  return Array.from(groups, ([known, lines]) => ({ lines, each: each + known }));
}

/** Those with the fewest attempts first: an outage must not use up the schedule of one message, probe after probe. */
export function byAttempts(messages: readonly Message[]): readonly Message[] {
  return messages.toSorted((one, other) => one.attempts.length - other.attempts.length);
}
