import {
  type Clock,
  type Quota,
  type QuotaBlock,
  type QuotaRequest,
  type R,
  type TenantUnknown,
  toWallTime,
  type Unavailable,
} from "@message-sender/core";
import { err, ok, okAsync, ResultAsync } from "neverthrow";

/** What a tenant may send in a period, and what is counted so far. */
export interface QuotaReading {
  readonly limit: number;
  readonly used: number;
  readonly resetsAt?: Date;
  /** When that was, by the clock that `resetsAt` is of; where that is not known, our own counts. */
  readonly at?: Date;
}

export interface CountedQuota extends Quota {
  /** Whether a block was issued by counting, in this process or an earlier one. */
  isOwn(block: QuotaBlock): boolean;
}

type ReadingError = TenantUnknown | Unavailable;

interface Period {
  readonly resetsAt: number | undefined;
  /** What was used when this process first read the period. */
  readonly baseline: number;
  /** A count that falls shows that a new period has begun, also where the service does not say when. */
  lastUsed: number;
  /** Units that this process granted and did not get back. */
  ours: number;
  readonly blocks: Map<string, Issued>;
}

interface Issued {
  readonly block: QuotaBlock;
  /** By the clock's `monotonicMs`. */
  readonly expiresMs: number;
  held: number;
  settled: boolean;
}

const ownPrefix = "counted:";
const keptMs = 3_600_000;

/**
 * A quota for a service that can be read and not reserved. What is left is the limit less the greater of what the
 * service counts and what it counted at first plus what this process has granted since.
 *
 * Within one process this never overshoots. It can overshoot where others send too: by what other processes hold and
 * the service does not count yet, at most one grant for each of their reservations in that time. And after a restart,
 * by what the earlier process sent and a service that counts late had not counted at the first reading.
 */
export function createCountedQuota(
  read: (tenantId: string) => R<QuotaReading, ReadingError>,
  clock: Clock,
): CountedQuota {
  const periods = new Map<string, Period>();
  const readings = new Map<string, R<QuotaReading, ReadingError>>();

  /** One reading of a tenant at a time, shared: readings that overtake each other would count backwards. */
  function readOnce(tenantId: string): R<QuotaReading, ReadingError> {
    const reading = readings.get(tenantId) ?? new ResultAsync(readAndForget(tenantId));
    readings.set(tenantId, reading);
    return reading;
  }

  async function readAndForget(tenantId: string) {
    const result = await read(tenantId);
    readings.delete(tenantId);
    return result;
  }

  function periodOf(tenantId: string, { used, resetsAt }: QuotaReading, now: Date): Period {
    const known = periods.get(tenantId);
    const isOver =
      known?.resetsAt !== undefined && known.resetsAt <= now.getTime() && known.resetsAt !== resetsAt?.getTime();
    if (known && used >= known.lastUsed && !isOver) {
      known.lastUsed = used;
      return known;
    }
    // Units of an earlier period that may still be sent are sent in this one.
    const blocks = new Map(
      [...(known?.blocks ?? [])].filter(([, block]) => !block.settled && block.expiresMs > clock.monotonicMs()),
    );
    const ours = [...blocks.values()].reduce((sum, block) => sum + block.held, 0);
    const period = { resetsAt: resetsAt?.getTime(), baseline: used, lastUsed: used, ours, blocks };
    periods.set(tenantId, period);
    return period;
  }

  /** A request that is repeated has its block already, as long as that is remembered. */
  function grant(request: QuotaRequest, askedMs: number, reading: QuotaReading) {
    const { tenantId, amount, ttlMs } = request;
    const { limit, used, resetsAt } = reading;
    const period = periodOf(tenantId, reading, reading.at ?? clock.now());
    forgetOld(period, clock.monotonicMs());
    const id = `${ownPrefix}${request.id}`;
    const issued = period.blocks.get(id);
    if (issued) return ok(issued.block);
    const granted = Math.min(amount, limit - Math.max(used, period.baseline + period.ours));
    if (granted < 1) return err({ kind: "QuotaExceeded" as const, ...(resetsAt && { resetsAt }) });
    const expiresMs = askedMs + ttlMs;
    const block = { id, tenantId, granted, expiresAt: toWallTime(clock, expiresMs) };
    period.ours += granted;
    period.blocks.set(id, { block, expiresMs, held: granted, settled: false });
    return ok(block);
  }

  function settle({ id, tenantId }: QuotaBlock, used: number): R<void, Unavailable> {
    const period = periods.get(tenantId);
    const block = period?.blocks.get(id);
    if (period && block) {
      period.ours += used - block.held;
      block.held = used;
      block.settled = true;
    }
    return okAsync(undefined);
  }

  return {
    reserve: (request) => {
      const askedMs = clock.monotonicMs();
      return readOnce(request.tenantId).andThen((reading) => grant(request, askedMs, reading));
    },
    settle,
    isOwn: ({ id }) => id.startsWith(ownPrefix),
  };
}

/** A block that is long past is settled for good; its number stays counted. */
function forgetOld({ blocks }: Period, nowMs: number): void {
  for (const [id, { expiresMs }] of blocks) {
    if (nowMs - expiresMs < keptMs) return;
    blocks.delete(id);
  }
}
