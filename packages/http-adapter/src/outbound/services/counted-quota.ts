import type { Unavailable } from "@message-sender/core";
import {
  type Clock,
  type Quota,
  type QuotaBlock,
  type QuotaRequest,
  type TenantUnknown,
  toWallTime,
} from "@message-sender/core/adapter";
import { err, ok, okAsync, ResultAsync } from "neverthrow";

/** A tenant's quota for a period, and the use so far. */
export interface QuotaReading {
  readonly limit: number;
  readonly used: number;
  readonly resetsAt?: Date;
  /** The time of the reading on the clock of `resetsAt`. Default: our own clock. */
  readonly at?: Date;
}

export interface CountedQuota extends Quota {
  /** What is used by a reading of now: what the service counts, or what this process knows of, whichever is more. */
  usedOf(tenantId: string, reading: QuotaReading): number;
  /** Whether a counted quota issued the block, in this process or an earlier one. */
  isOwn(block: QuotaBlock): boolean;
}

type ReadingError = TenantUnknown | Unavailable;

interface Period {
  readonly resetsAt: number | undefined;
  /** The use when this process first read the period. */
  readonly baseline: number;
  /** A falling count shows that a new period has begun, even if the service does not report it. */
  lastUsed: number;
  /** Units that this process has granted and not got back. */
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
 * A quota for a service whose quota can be read but not reserved. The remaining units are the limit minus the greater of two
 * counts: the service's current count, and its first count plus the units that this process has granted since.
 *
 * A single process never overshoots. Several processes can overshoot by the units that the others hold and the service has not
 * counted yet. After a restart, the overshoot is at most what the earlier process sent and the service had not counted at the first
 * reading.
 */
export function createCountedQuota(
  read: (tenantId: string) => ResultAsync<QuotaReading, ReadingError>,
  clock: Clock,
): CountedQuota {
  const periods = new Map<string, Period>();
  const readings = new Map<string, ResultAsync<QuotaReading, ReadingError>>();

  /** Concurrent requests share one reading per tenant: readings out of order would count backwards. */
  function readOnce(tenantId: string): ResultAsync<QuotaReading, ReadingError> {
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
    // Unused units of the previous period may still be sent, and then count in this one.
    const blocks = new Map(
      [...(known?.blocks ?? [])].filter(([, block]) => !block.settled && block.expiresMs > clock.monotonicMs()),
    );
    const ours = [...blocks.values()].reduce((sum, block) => sum + block.held, 0);
    const period = { resetsAt: resetsAt?.getTime(), baseline: used, lastUsed: used, ours, blocks };
    periods.set(tenantId, period);
    return period;
  }

  /** A repeated request gets the same block, as long as it is remembered. */
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

  function settle({ id, tenantId }: QuotaBlock, used: number): ResultAsync<void, Unavailable> {
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
    usedOf(tenantId, { used, resetsAt }) {
      const period = periods.get(tenantId);
      const isSame = period && used >= period.lastUsed && period.resetsAt === resetsAt?.getTime();
      return isSame ? Math.max(used, period.baseline + period.ours) : used;
    },
    isOwn: ({ id }) => id.startsWith(ownPrefix),
  };
}

/** A block that expired long ago cannot be settled any more. Its units stay counted. */
function forgetOld({ blocks }: Period, nowMs: number): void {
  for (const [id, { expiresMs }] of blocks) {
    if (nowMs - expiresMs < keptMs) return;
    blocks.delete(id);
  }
}
