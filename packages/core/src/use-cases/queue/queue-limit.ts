import { err, ok, type Result } from "neverthrow";

import type { Identifier } from "../../content/identifiers.ts";
import { type Clock, fromNow } from "../../ports/clock.ts";
import type { MessageQueue } from "../../ports/store/message-queue.ts";

/** So many messages of the tenant wait in the queue that it takes no more. Nothing was stored, and no quota was used. */
export interface QueueFull {
  readonly kind: "QueueFull";
  /** How many messages of a tenant may wait. */
  readonly limit: number;
  /** When those that wait now will have left the queue, at the rate at which they leave it. */
  readonly retryAt: Date;
}

/** Limits how many messages of a tenant wait in the queue. */
export interface QueueLimit {
  /** Makes room for one more message; `leave` if it does not enter the queue after all. */
  enter(tenantId: Identifier): Promise<Result<void, QueueFull>> | Result<void, QueueFull>;
  leave(tenantId: Identifier): void;
}

interface QueueLimitParts {
  readonly queue: Pick<MessageQueue, "depth">;
  readonly clock: Clock;
  readonly queueLimit: number;
}

/** What is known about a tenant. */
interface Depth {
  /** As it was counted, with what this process has accepted since. */
  depth: number;
  accepted: number;
  countedMs: number;
  /** How many messages leave the queue in a second; undefined if that is not known. */
  drainPerSecond: number | undefined;
  counting: Promise<void> | undefined;
}

/** A count costs more the more there is to count: it is made once a second near the limit, and seldom far below it. */
const recountMs = 1000;
const longestCountMs = 10_000;
const countMsPerFree = 0.1;
const forgottenMs = 60_000;
const unknownDrainMs = 60_000;
const longestMs = 3_600_000;

/** Counts a tenant at most once a second, and only while messages are accepted for it. */
export function createQueueLimit({ queue, clock, queueLimit: limit }: QueueLimitParts): QueueLimit {
  const tenants = new Map<Identifier, Depth>();

  function knownOf(tenantId: Identifier): Depth {
    const known = tenants.get(tenantId);
    if (known) return known;
    const now = clock.monotonicMs();
    for (const [id, { countedMs }] of tenants) {
      if (now - countedMs < forgottenMs) break;
      tenants.delete(id);
    }
    const fresh = { depth: 0, accepted: 0, countedMs: -Infinity, drainPerSecond: undefined, counting: undefined };
    tenants.set(tenantId, fresh);
    return fresh;
  }

  async function count(tenantId: Identifier, known: Depth): Promise<void> {
    const acceptedBefore = known.accepted;
    const counted = await queue.depth(tenantId, limit);
    const now = clock.monotonicMs();
    // A store that cannot count cannot accept either.
    const depth = counted.unwrapOr(known.depth);
    const sinceMs = now - known.countedMs;
    const left = known.depth - depth;
    // A count at the limit may be short of the depth.
    if (counted.isOk() && depth < limit && sinceMs < forgottenMs && left > 0)
      known.drainPerSecond = (1000 * left) / sinceMs;
    const since = known.accepted - acceptedBefore;
    Object.assign(known, { depth: depth + since, accepted: since, countedMs: now, counting: undefined });
    // The map is in the order of the counts.
    tenants.delete(tenantId);
    tenants.set(tenantId, known);
  }

  function admit(known: Depth): Result<void, QueueFull> {
    if (known.depth >= limit) return err({ kind: "QueueFull", limit, retryAt: fromNow(clock, drainMs(known)) });
    known.depth += 1;
    known.accepted += 1;
    return ok();
  }

  function recountAfterMs({ depth }: Depth): number {
    return Math.min(Math.max(recountMs, (limit - depth) * countMsPerFree), longestCountMs);
  }

  function drainMs({ depth, drainPerSecond }: Depth): number {
    const ms = drainPerSecond === undefined ? unknownDrainMs : (1000 * depth) / drainPerSecond;
    return Math.min(Math.max(ms, recountMs), longestMs);
  }

  return {
    enter(tenantId) {
      const known = knownOf(tenantId);
      if (clock.monotonicMs() - known.countedMs < recountAfterMs(known)) return admit(known);
      known.counting ??= count(tenantId, known);
      return known.counting.then(() => admit(known));
    },
    leave(tenantId) {
      const known = tenants.get(tenantId);
      if (!known) return;
      known.depth -= 1;
      known.accepted -= 1;
    },
  };
}
