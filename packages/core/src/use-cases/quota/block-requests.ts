import { err, ok, type Result } from "neverthrow";

import type { Identifier } from "../../content/identifiers.ts";
import { type Clock, toMonotonicMs } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Quota, QuotaBlock, QuotaError, QuotaRequest } from "../../ports/quota.ts";
import type { QuotaLedger } from "../../ports/store/quota-ledger.ts";
import type { Unavailable } from "../../ports/unavailable.ts";

/** Requests quota blocks and loses none: records each request before it is made, and repeats it if it gets no answer. */
export interface BlockRequests {
  /** Reserves a block and records it in the ledger. Adds its id to `own` first. */
  reserve(tenantId: Identifier, amount: number, own: Set<string>): Promise<Result<ReservedBlock, QuotaError>>;
  /** Repeats requests that got no answer, and returns what they were granted. */
  recover(): Promise<void>;
}

/** A block that was just reserved. */
export interface ReservedBlock {
  readonly block: QuotaBlock;
  /** Until when units may be taken from it, by the clock's `monotonicMs`. */
  readonly validUntilMs: number;
}

/**
 * Less than the 35 seconds after which, at the earliest, other processes take a halted process for dead and settle its blocks. When
 * it resumes it cannot take units from them.
 */
const blockTtlMs = 30_000;

/** Without this error a call would request blocks forever. */
const expiredBlock: Unavailable = {
  kind: "Unavailable",
  reason: "the quota returns empty or expired blocks",
};

export function createBlockRequests(ports: {
  quota: Quota;
  quotaLedger: QuotaLedger;
  clock: Clock;
  ids: Ids;
}): BlockRequests {
  const { quota, quotaLedger, clock, ids } = ports;
  const inProgress = new Set<string>();
  /** Requests answered since the ledger was last read: it is outdated for them. */
  const answered = new Set<string>();
  /** Requests that got no answer: the tenant's next request repeats them. */
  const unanswered = new Map<Identifier, QuotaRequest>();

  /** The block is valid until it expires, or until `ttlMs` after the request was sent, whichever is earlier. */
  function reserved(block: QuotaBlock, { ttlMs }: QuotaRequest, askedMs: number): ReservedBlock {
    return { block, validUntilMs: Math.min(askedMs + ttlMs, toMonotonicMs(clock, block.expiresAt)) };
  }

  function isUsable({ block, validUntilMs }: ReservedBlock): boolean {
    return validUntilMs > clock.monotonicMs() && block.granted >= 1;
  }

  /** Runs `work`. Meanwhile `recover` neither repeats the request nor returns its block. */
  async function alone<T>({ id }: QuotaRequest, work: () => Promise<T>): Promise<T> {
    inProgress.add(id);
    try {
      return await work();
    } finally {
      inProgress.delete(id);
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

  /** Returns a block. If that fails, the request stays in the ledger and is repeated: it gets the same block. */
  async function returnBlock(block: QuotaBlock, requestId: string): Promise<void> {
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
    await returnBlock(block, requestId);
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
      await returnBlock(made.value, request.id);
      return err(expiredBlock);
    });
    const isLate = earlier && taken.isErr() && taken.error === expiredBlock;
    return isLate ? reserve(tenantId, amount, own) : taken;
  }

  /** Returns the block of a lost request. It must not be used, because another process may return it too. */
  async function returnLost(request: QuotaRequest): Promise<void> {
    if (inProgress.has(request.id) || answered.has(request.id)) return;
    if (unanswered.get(request.tenantId)?.id === request.id) unanswered.delete(request.tenantId);
    await alone(request, async () => {
      const made = await make(request);
      if (made.isOk()) await returnBlock(made.value, request.id);
    });
  }

  async function recover(): Promise<void> {
    answered.clear();
    const left = await quotaLedger.requested();
    await Promise.all(left.unwrapOr([]).map(returnLost));
  }

  return { reserve, recover };
}
