import { err, ok, type Result, ResultAsync } from "neverthrow";

import { type Identifier, isIdentifier } from "../../content/identifiers.ts";
import { explainPause, type Pause } from "../../domain/pause.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LineState, MessageQueue } from "../../ports/store/message-queue.ts";
import type { Unavailable } from "../../ports/unavailable.ts";

/** Which part of the queue to describe. */
export interface QueueQuery {
  /** One tenant, or several. Default: every tenant. */
  readonly tenantId?: Identifier | readonly Identifier[];
  /** How many outlets at most, from 1 to 1,000: those whose messages have been due longest come first. Default: 100. */
  readonly limit?: number;
}

/** What waits in the queue, for people. */
export interface QueueState {
  /** The outlets that have queued messages. */
  readonly outlets: readonly QueuedOutlet[];
  /** Whether these are all, each counted to its end. */
  readonly isComplete: boolean;
}

/** What waits for one outlet. */
export interface QueuedOutlet extends LineState {
  /** Whether a pause holds it back. */
  readonly isPaused: boolean;
  /** Why its messages wait, in a sentence. */
  readonly reason: string;
}

interface QueueStateParts {
  readonly queue: MessageQueue;
  readonly clock: Clock;
  readonly pauses: () => ResultAsync<readonly Pause[], Unavailable>;
}

/** Up to how many messages of an outlet are counted. */
const upTo = 10_000;
const defaultLimit = 100;
const mostOutlets = 1000;

/** Describes the queue. It changes nothing, and reads a bounded number of rows, however many wait. */
export function createQueueState({ queue, clock, pauses }: QueueStateParts) {
  async function state(query: QueueQuery): Promise<Result<QueueState, Unavailable>> {
    const { tenantId } = query;
    const limit = Math.min(query.limit ?? defaultLimit, mostOutlets);
    const tenants = typeof tenantId === "string" ? [tenantId] : tenantId;
    const lines: LineState[] = [];
    const queries = tenants ? tenants.filter(isIdentifier).map((one) => ({ tenantId: one })) : [{}];
    for (const one of queries) {
      const found = await queue.state({ ...one, limit, upTo });
      if (found.isErr()) return err(found.error);
      lines.push(...found.value);
    }
    const paused = await pauses();
    if (paused.isErr()) return err(paused.error);
    const now = clock.now();
    const shown = lines.toSorted(byUrgency).slice(0, limit);
    return ok({
      outlets: shown.map((line) => describe(line, paused.value, now)),
      isComplete: lines.length < limit && lines.every(({ open }) => open < upTo),
    });
  }

  return (query: QueueQuery = {}): ResultAsync<QueueState, Unavailable> => new ResultAsync(state(query));
}

function describe(line: LineState, pauses: readonly Pause[], now: Date): QueuedOutlet {
  const pause = pauses.find((one) => stops(one, line));
  return { ...line, isPaused: pause !== undefined, reason: pause ? explainPause(pause) : reasonOf(line, now) };
}

function stops({ kind, name, tenantId }: Pause, line: LineState): boolean {
  if (kind === "tenant") return name === line.tenantId;
  return kind === "outlet" && name === line.outletId && tenantId === line.tenantId;
}

function reasonOf({ due, isHeld, nextDueAt }: LineState, now: Date): string {
  if (due > 0 && isHeld) return "It is being sent, as fast as the limits of its number allow.";
  if (due > 0) return "No process has taken it yet.";
  if (!nextDueAt) return "Its attempts are in flight.";
  return nextDueAt > now ? `Its next message is due at ${nextDueAt.toISOString()}.` : "It is taken up now.";
}

function byUrgency(one: LineState, other: LineState): number {
  return other.dueForMs - one.dueForMs || (one.nextDueAt?.getTime() ?? 0) - (other.nextDueAt?.getTime() ?? 0);
}
