import { err, errAsync, ok, type Result, ResultAsync } from "neverthrow";

import type { MessageType } from "../../content/content.ts";
import type { Identifier } from "../../content/identifiers.ts";
import type { MessageStatus } from "../../domain/status.ts";
import { closing, type ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MessageCount, MessagePosition, MessageStore } from "../../ports/store/message-store.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { InvalidQuery } from "../list/check-query.ts";
import { earliestOf, problemsOfUsage, timeOf, type UsageQuery } from "./usage-query.ts";

/** How many messages were accepted within a time. */
export interface Usage {
  readonly since: Date;
  readonly until: Date;
  /** One for each day, type, status and pricing category that has messages, in this order. */
  readonly counts: readonly UsageCount[];
}

/** How many messages have all of this in common. */
export interface UsageCount {
  /** The day on which they were accepted, in UTC: `2026-01-31`. */
  readonly day: string;
  readonly messageType: MessageType;
  /** Their present status. */
  readonly status: MessageStatus;
  /** Meta's pricing category. Absent if no webhook has named it. */
  readonly pricingCategory?: string;
  readonly messages: number;
  /** How many of them Meta charges for, as its webhooks say. */
  readonly billable: number;
}

export type CountUsage = (query?: UsageQuery) => ResultAsync<Usage, InvalidQuery | Unavailable>;

interface CountUsageParts {
  readonly messages: MessageStore;
  readonly clock: Clock;
  readonly shutdown: ShutdownSignal;
  /** How long messages are kept. */
  readonly retentionMs: number;
}

/** A store that is counting commits nothing meanwhile, so it counts a few at a time: about 2 ms in SQLite. */
const countedAtOnce = 1000;
const mostAtATime = 16;
const dayMs = 86_400_000;

const tooMany: Unavailable = { kind: "Unavailable", reason: `usage is being counted ${mostAtATime} times already` };

/** Counts messages piece by piece. Of all pieces that are asked for, the store counts one at a time. */
export function createCountUsage({ messages, clock, shutdown, retentionMs }: CountUsageParts): CountUsage {
  let turn: Promise<unknown> = Promise.resolve();
  let running = 0;

  async function countTenant(
    tenantId: Identifier | undefined,
    time: Pick<Usage, "since" | "until">,
    tally: Tally,
  ): Promise<Result<void, Unavailable>> {
    let after: MessagePosition | undefined;
    do {
      if (shutdown.closing) return err(closing);
      const piece = {
        ...time,
        limit: countedAtOnce,
        ...(tenantId !== undefined && { tenantId }),
        ...(after && { after }),
      };
      const counted = turn.then(async () => messages.count(piece));
      turn = counted.catch(() => {});
      const counts = await counted;
      if (counts.isErr()) return err(counts.error);
      for (const count of counts.value.counts) tally.add(count);
      after = counts.value.next;
    } while (after);
    return ok();
  }

  async function countAll(
    tenantIds: readonly (Identifier | undefined)[],
    time: Pick<Usage, "since" | "until">,
  ): Promise<Result<Usage, Unavailable>> {
    const tally = createTally();
    running += 1;
    try {
      for (const tenantId of tenantIds) {
        const counted = await countTenant(tenantId, time, tally);
        if (counted.isErr()) return err(counted.error);
      }
    } finally {
      running -= 1;
    }
    return ok({ ...time, counts: tally.counts() });
  }

  return (query = {}) => {
    const now = clock.now();
    const earliest = earliestOf(now, retentionMs);
    const problems = problemsOfUsage(query, now, earliest);
    if (problems.length > 0) return errAsync({ kind: "InvalidQuery", problems });
    if (running >= mostAtATime) return errAsync(tooMany);
    const { tenantId } = query;
    const tenantIds = typeof tenantId === "object" ? new Set(tenantId) : [tenantId];
    return new ResultAsync(countAll([...tenantIds], timeOf(query, now, earliest)));
  };
}

interface Tally {
  add(count: MessageCount): void;
  counts(): readonly UsageCount[];
}

/** Adds up the counts of the pieces. */
function createTally(): Tally {
  const sums = new Map<string, UsageCount & { messages: number; billable: number }>();
  return {
    add({ day, type, status, pricingCategory, billable, count }) {
      const date = new Date(day * dayMs).toISOString().slice(0, 10);
      const name = [date, type, status, pricingCategory ?? ""].join(" ");
      const kind = { day: date, messageType: type, status, ...(pricingCategory !== undefined && { pricingCategory }) };
      const sum = sums.get(name) ?? { ...kind, messages: 0, billable: 0 };
      sum.messages += count;
      if (billable) sum.billable += count;
      sums.set(name, sum);
    },
    counts: () => [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum),
  };
}
