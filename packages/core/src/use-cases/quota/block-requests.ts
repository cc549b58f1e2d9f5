import { err, ok, type Result } from "neverthrow";

import type { Identifier } from "../../content/identifiers.ts";
import { type Clock, toMonotonicMs } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Quota, QuotaBlock, QuotaError, QuotaRequest } from "../../ports/quota.ts";
import type { QuotaLedger } from "../../ports/quota-ledger.ts";
import type { Unavailable } from "../../ports/unavailable.ts";

/** Requests blocks so that none is lost: a request is recorded before it is made, and repeated if it got no answer. */
export interface BlockRequests {
  /** A block that the ledger knows. Its id is in `own` from before that. */
  reserve(tenantId: Identifier, amount: number, own: Set<string>): Promise<Result<ReservedBlock, QuotaError>>;
  /** Repeats requests that got no answer, and gives back what they were granted. */
  recover(): Promise<void>;
}

export interface ReservedBlock {
  readonly block: QuotaBlock;
  /** No new unit is taken from it once the clock's `monotonicMs` comes to this. */
  readonly validUntilMs: number;
}

/**
 * Less than the 35 seconds after which, at the earliest, others take a halted process for dead and settle its blocks: when it
 * wakes it can take no unit of them.
 */
const blockTtlMs = 30_000;

/** Without this error, a call would ask for blocks forever. */
const expiredBlock: Unavailable = {
  kind: "Unavailable",
  reason: "the quota's blocks arrive empty or expired",
};

export function createBlockRequests(ports: {
  quota: Quota;
  quotaLedger: QuotaLedger;
  clock: Clock;
  ids: Ids;
}): BlockRequests {
  const { quota, quotaLedger, clock, ids } = ports;
  const underWay = new Set<string>();
  /** Answered since the ledger was last read: that reading is outdated for them. */
  const answered = new Set<string>();
  /** A tenant's request that got no answer: the tenant's next request repeats it. */
  const unanswered = new Map<Identifier, QuotaRequest>();

  /** Valid until its own expiry, or for the ttl from before the request, whichever is earlier. */
  function reserved(block: QuotaBlock, { ttlMs }: QuotaRequest, askedMs: number): ReservedBlock {
    return { block, validUntilMs: Math.min(askedMs + ttlMs, toMonotonicMs(clock, block.expiresAt)) };
  }

  function isUsable({ block, validUntilMs }: ReservedBlock): boolean {
    return validUntilMs > clock.monotonicMs() && block.granted >= 1;
  }

  /** Nobody else makes the request, or gives back what it was granted, before `work` is done. */
  async function alone<T>({ id }: QuotaRequest, work: () => Promise<T>): Promise<T> {
    underWay.add(id);
    try {
      return await work();
    } finally {
      underWay.delete(id);
      answered.add(id);
    }
  }

  async function make(request: QuotaRequest): Promise<Result<QuotaBlock, QuotaError>> {
    const reserved = await quota.reserve(request);
    if (reserved.isErr() && reserved.error.kind !== "Unavailable") {
      await quotaLedger.withdraw(request.id).unwrapOr(undefined);
    }
    return reserved;
  }

  /** If any of this fails, the request stays in the ledger and is repeated: it gives the same block. */
  async function giveBack(block: QuotaBlock, requestId: string): Promise<void> {
    const settled = await quota.settle(block, 0);
    if (settled.isOk()) await quotaLedger.withdraw(requestId).unwrapOr(undefined);
  }

  async function open(
    fresh: ReservedBlock,
    requestId: string,
    own: Set<string>,
  ): Promise<Result<ReservedBlock, Unavailable>> {
    const { block } = fresh;
    own.add(block.id);
    const opened = await quotaLedger.open(block, requestId);
    if (opened.isOk()) return ok(fresh);
    own.delete(block.id);
    await giveBack(block, requestId);
    return err(opened.error);
  }

  async function reserve(
    tenantId: Identifier,
    amount: number,
    own: Set<string>,
  ): Promise<Result<ReservedBlock, QuotaError>> {
    const earlier = unanswered.get(tenantId);
    unanswered.delete(tenantId);
    const request = earlier ?? { id: ids.requestId(), tenantId, amount, ttlMs: blockTtlMs };
    const taken = await alone(request, async (): Promise<Result<ReservedBlock, QuotaError>> => {
      const noted = earlier ? ok() : await quotaLedger.request(request);
      if (noted.isErr()) return err(noted.error);
      const askedMs = clock.monotonicMs();
      const made = await make(request);
      if (made.isErr()) {
        if (made.error.kind === "Unavailable") unanswered.set(tenantId, request);
        return err(made.error);
      }
      const fresh = reserved(made.value, request, askedMs);
      if (isUsable(fresh)) return open(fresh, request.id, own);
      await giveBack(made.value, request.id);
      return err(expiredBlock);
    });
    const isLate = earlier && taken.isErr() && taken.error === expiredBlock;
    return isLate ? reserve(tenantId, amount, own) : taken;
  }

  /** The block must not be used: another process may give it back as well. */
  async function giveUp(request: QuotaRequest): Promise<void> {
    if (underWay.has(request.id) || answered.has(request.id)) return;
    if (unanswered.get(request.tenantId)?.id === request.id) unanswered.delete(request.tenantId);
    await alone(request, async () => {
      const made = await make(request);
      if (made.isOk()) await giveBack(made.value, request.id);
    });
  }

  async function recover(): Promise<void> {
    answered.clear();
    const left = await quotaLedger.requested();
    await Promise.all(left.unwrapOr([]).map(giveUp));
  }

  return { reserve, recover };
}
