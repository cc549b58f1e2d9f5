import { err, ok, type Result } from "neverthrow";

import type { Identifier } from "../domain/identifiers.ts";
import type { Clock } from "../ports/clock.ts";
import type { Quota, QuotaBlock, QuotaError } from "../ports/quota.ts";
import type { QuotaLedger } from "../ports/quota-ledger.ts";
import type { R, Unavailable } from "../ports/result.ts";
import type { Telemetry } from "../ports/telemetry.ts";

/** Single units of quota, taken from blocks so that a send does not cost a round trip. */
export interface QuotaUnits {
  /** Takes one unit and runs `work` with the block it is from; `keeps` says of the result whether the unit was used. */
  within<T, E>(
    tenantId: Identifier,
    keeps: (result: Result<T, E>) => boolean,
    work: (blockId: string) => Promise<Result<T, E>> | R<T, E>,
  ): Promise<Result<T, E | QuotaError>>;
  /** Settles what a process before this one left open. */
  recover(): Promise<void>;
  /** Settles the blocks that are used up, idle or expired; with `all`, every one. */
  settle(which?: "all"): Promise<void>;
}

interface Held {
  readonly block: QuotaBlock;
  readonly since: number;
  used: number;
  /** Units whose message is not concluded yet. */
  open: number;
  lastUsedAt: number;
  /** No new unit is taken from it. */
  retired: boolean;
  settledAs?: number;
  settling: boolean;
  failures: number;
  retryAt: number;
}

interface Account {
  blocks: Held[];
  /** How many units to ask for next. */
  amount: number;
  asking?: Promise<Result<void, QuotaError>>;
}

const firstAmount = 100;
const largestAmount = 1000;
const blockTtlMs = 60_000;
const idleMs = 5000;

/** Taking units would never succeed, and asking again would never end. */
const expiredBlock: Unavailable = {
  kind: "Unavailable",
  reason: "the quota's blocks are empty or have expired when they come; do the clocks agree?",
};

export function createQuotaUnits(ports: {
  quota: Quota;
  quotaLedger: QuotaLedger;
  clock: Clock;
  telemetry: Telemetry;
}): QuotaUnits {
  const { quota, quotaLedger, clock, telemetry } = ports;
  const accounts = new Map<Identifier, Account>();
  const held = new Set<Held>();
  /** Blocks that this process reserved itself, from before the ledger knows of them. */
  const own = new Set<string>();

  function accountOf(tenantId: Identifier): Account {
    const known = accounts.get(tenantId);
    if (known) return known;
    const account: Account = { blocks: [], amount: firstAmount };
    accounts.set(tenantId, account);
    return account;
  }

  function takeFrom(account: Account): Held | undefined {
    const now = clock.now().getTime();
    const usable = account.blocks.find((candidate) => isUsable(candidate, now));
    if (!usable) return undefined;
    usable.used += 1;
    usable.open += 1;
    usable.lastUsedAt = now;
    return usable;
  }

  async function ask(tenantId: Identifier, account: Account): Promise<Result<void, QuotaError>> {
    const now = clock.now().getTime();
    const latest = account.blocks.at(-1);
    const amount = account.amount;
    const reserved = await quota.reserve({ tenantId, amount, ttlMs: blockTtlMs });
    if (reserved.isErr()) {
      if (reserved.error.kind === "QuotaExceeded") account.amount = 1;
      return err(reserved.error);
    }
    const block = reserved.value;
    const unusable = block.expiresAt.getTime() <= clock.now().getTime() || block.granted < 1;
    own.add(block.id);
    const opened = unusable ? err(expiredBlock) : await quotaLedger.open(block);
    if (opened.isErr()) {
      // Where this fails too, the block counts as used until it expires: never an overshoot.
      await quota.settle(block, 0).unwrapOr(undefined);
      return err(opened.error);
    }
    account.amount = nextAmount(amount, block.granted, latest && now - latest.since);
    const fresh = freshlyHeld(block, now);
    account.blocks.push(fresh);
    held.add(fresh);
    return ok();
  }

  async function settleOne(unit: Held, now: number): Promise<void> {
    unit.retired = true;
    const account = accounts.get(unit.block.tenantId);
    if (account) {
      account.blocks = account.blocks.filter((other) => other !== unit);
      if (account.blocks.length === 0 && !account.asking) accounts.delete(unit.block.tenantId);
    }
    if (unit.settling || unit.retryAt > now) return;
    unit.settling = true;
    try {
      await settleUsed(unit, now);
    } finally {
      unit.settling = false;
    }
  }

  async function settleUsed(unit: Held, now: number): Promise<void> {
    const used = unit.used;
    const settled = unit.settledAs === used ? ok() : await quota.settle(unit.block, used);
    if (settled.isErr()) {
      unit.retryAt = now + Math.min(1000 * 2 ** unit.failures++, blockTtlMs);
      const { tenantId, id } = unit.block;
      return telemetry.record({ kind: "QuotaUnsettled", tenantId, blockId: id, reason: settled.error.reason });
    }
    unit.settledAs = used;
    unit.failures = 0;
    if (unit.open === 0 && unit.used === used && (await quotaLedger.close(unit.block)).isOk()) {
      held.delete(unit);
      own.delete(unit.block.id);
    }
  }

  async function within<T, E>(
    tenantId: Identifier,
    keeps: (result: Result<T, E>) => boolean,
    work: (blockId: string) => Promise<Result<T, E>> | R<T, E>,
  ): Promise<Result<T, E | QuotaError>> {
    const account = accountOf(tenantId);
    let taken = takeFrom(account);
    while (!taken) {
      const asked = await (account.asking ??= ask(tenantId, account).finally(() => delete account.asking));
      if (asked.isErr()) {
        if (asked.error.kind !== "QuotaExceeded" && account.blocks.length === 0) accounts.delete(tenantId);
        return err(asked.error);
      }
      taken = takeFrom(account);
    }
    let kept = true;
    try {
      const result = await work(taken.block.id);
      kept = keeps(result);
      return result;
    } finally {
      taken.open -= 1;
      if (!kept) taken.used -= 1;
    }
  }

  async function settle(which?: "all"): Promise<void> {
    const now = clock.now().getTime();
    const due = [...held].filter((unit) => which === "all" || isDue(unit, now));
    if (which === "all") for (const unit of due) unit.retryAt = 0;
    await Promise.all(due.map((unit) => settleOne(unit, now)));
  }

  async function recover(): Promise<void> {
    const left = await quotaLedger.unsettled();
    if (left.isErr()) return telemetry.record({ kind: "BackgroundFault", where: "quota", reason: left.error.reason });
    const since = clock.now().getTime();
    for (const { block, used } of left.value) {
      // Sends go on while this runs: settling a block that they take from would give away what they use.
      if (own.has(block.id)) continue;
      held.add({ ...freshlyHeld(block, since), used, lastUsedAt: 0, retired: true });
    }
    await settle();
  }

  return { within, recover, settle };
}

function freshlyHeld(block: QuotaBlock, since: number): Held {
  return {
    block,
    since,
    used: 0,
    open: 0,
    lastUsedAt: since,
    retired: false,
    settling: false,
    failures: 0,
    retryAt: 0,
  };
}

function isUsable(unit: Held, now: number): boolean {
  return !unit.retired && unit.used < unit.block.granted && unit.block.expiresAt.getTime() > now;
}

/** A block in use is left alone; one that was settled is settled again once a unit of it came back. */
function isDue(unit: Held, now: number): boolean {
  if (unit.retired) return unit.settledAs !== unit.used || unit.open === 0;
  if (unit.block.expiresAt.getTime() <= now || now - unit.lastUsedAt >= idleMs) return true;
  return unit.used === unit.block.granted && unit.open === 0;
}

/** Doubles for a tenant that used up its last block in less than five seconds; one at a time near the end of a quota. */
function nextAmount(asked: number, granted: number, sinceLatestMs: number | undefined): number {
  if (granted < asked) return 1;
  const fast = sinceLatestMs !== undefined && sinceLatestMs < idleMs;
  return Math.min(Math.max(fast ? asked * 2 : asked, firstAmount), largestAmount);
}
