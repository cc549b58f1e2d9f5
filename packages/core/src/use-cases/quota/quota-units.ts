import { err, ok, type Result } from "neverthrow";

import type { Identifier } from "../../content/identifiers.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Quota, QuotaBlock, QuotaError } from "../../ports/quota.ts";
import type { QuotaLedger } from "../../ports/quota-ledger.ts";
import type { R } from "../../ports/result.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { createBlockRequests, type ReservedBlock } from "./block-requests.ts";

/** Single units of quota, taken from blocks so that a send does not cost a round trip. */
export interface QuotaUnits {
  /** Takes one unit and runs `work` with the block it is from; `useOf` says of the result what became of the unit. */
  withUnit<T, E>(
    tenantId: Identifier,
    useOf: (result: Result<T, E>) => UnitUse,
    work: (blockId: string) => Promise<Result<T, E>> | R<T, E>,
  ): Promise<Result<T, E | QuotaError>>;
  /** Settles what nobody's call counts any more, as the store has it: of a process before this one, and of queued messages. */
  recover(): Promise<void>;
  /** Settles the blocks that are used up, idle or expired; with `all`, every one. */
  settle(which?: "all"): Promise<void>;
}

/** A unit was used, or goes back, or is left with a message that goes on without a call. */
export type UnitUse = "used" | "unused" | "left";

interface Held {
  readonly block: QuotaBlock;
  /** All times are of the clock's `monotonicMs`. */
  readonly validUntilMs: number;
  readonly since: number;
  used: number;
  /** Units whose message is not concluded yet. */
  open: number;
  /** A unit of it was left with a message, or recounted: once no call holds one, the store says what is used. */
  isLeft: boolean;
  lastUsedAt: number;
  /** No new unit is taken from it. */
  retired: boolean;
  /** What is used of it is what the store says, each time anew. */
  readonly isRecovered: boolean;
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
const longestPauseMs = 60_000;
const idleMs = 5000;

export function createQuotaUnits(ports: {
  quota: Quota;
  quotaLedger: QuotaLedger;
  clock: Clock;
  ids: Ids;
  telemetry: Telemetry;
}): QuotaUnits {
  const { quota, quotaLedger, clock, telemetry } = ports;
  const accounts = new Map<Identifier, Account>();
  const held = new Map<string, Held>();
  /** Blocks that calls of this process take units of, from before the ledger knows of them. */
  const own = new Set<string>();
  const requests = createBlockRequests(ports);

  function accountOf(tenantId: Identifier): Account {
    const known = accounts.get(tenantId);
    if (known) return known;
    const account: Account = { blocks: [], amount: firstAmount };
    accounts.set(tenantId, account);
    return account;
  }

  function takeFrom(account: Account): Held | undefined {
    const now = clock.monotonicMs();
    const usable = account.blocks.find((candidate) => isUsable(candidate, now));
    if (!usable) return undefined;
    usable.used += 1;
    usable.open += 1;
    usable.lastUsedAt = now;
    return usable;
  }

  async function ask(tenantId: Identifier, account: Account): Promise<Result<void, QuotaError>> {
    const now = clock.monotonicMs();
    const latest = account.blocks.at(-1);
    const amount = account.amount;
    const reserved = await requests.reserve(tenantId, amount, own);
    if (reserved.isErr()) {
      if (reserved.error.kind === "QuotaExceeded") account.amount = 1;
      return err(reserved.error);
    }
    const { block } = reserved.value;
    account.amount = nextAmount(amount, block.granted, latest && now - latest.since);
    const fresh = freshlyHeld(reserved.value, now);
    account.blocks.push(fresh);
    held.set(block.id, fresh);
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
      unit.retryAt = now + Math.min(1000 * 2 ** unit.failures++, longestPauseMs);
      const { tenantId, id } = unit.block;
      return telemetry.record({ kind: "QuotaUnsettled", tenantId, blockId: id, reason: settled.error.reason });
    }
    unit.settledAs = used;
    unit.failures = 0;
    if (unit.open > 0 || unit.used !== used) return;
    if (unit.isLeft || (await quotaLedger.close(unit.block)).isOk()) {
      held.delete(unit.block.id);
      own.delete(unit.block.id);
    }
  }

  async function withUnit<T, E>(
    tenantId: Identifier,
    useOf: (result: Result<T, E>) => UnitUse,
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
    let use: UnitUse = "used";
    try {
      const result = await work(taken.block.id);
      use = useOf(result);
      return result;
    } finally {
      taken.open -= 1;
      if (use === "unused") taken.used -= 1;
      if (use === "left") taken.isLeft = true;
    }
  }

  async function settle(which?: "all"): Promise<void> {
    const now = clock.monotonicMs();
    const due = [...held.values()].filter((unit) => !unit.isRecovered && (which === "all" || isDue(unit, now)));
    if (which === "all") for (const unit of due) unit.retryAt = -Infinity;
    await Promise.all(due.map((unit) => settleOne(unit, now)));
  }

  async function recover(): Promise<void> {
    const left = await quotaLedger.unsettled();
    if (left.isErr()) return telemetry.record({ kind: "BackgroundFault", where: "quota", reason: left.error.reason });
    const since = clock.monotonicMs();
    for (const { block, used, unfinished, isRecounted = false } of left.value) {
      const known = held.get(block.id);
      // Sends go on while this runs: settling a block that they take from would give away what they use.
      if (own.has(block.id)) {
        if (known && isRecounted) known.isLeft = true;
        continue;
      }
      const unit = known?.isRecovered
        ? known
        : { ...freshlyHeld({ block, validUntilMs: since }, since), retired: true, isRecovered: true };
      held.set(block.id, Object.assign(unit, { used, open: unfinished }));
    }
    const listed = new Set(left.value.map(({ block }) => block.id));
    const recovered = [...held.values()].filter(({ isRecovered }) => isRecovered);
    // What is not listed any more was closed by another.
    for (const { block } of recovered) if (!listed.has(block.id)) held.delete(block.id);
    const due = recovered.filter((unit) => listed.has(unit.block.id) && isDue(unit, since));
    await Promise.all(due.map((unit) => settleOne(unit, since)));
    await requests.recover();
  }

  return { withUnit, recover, settle };
}

function freshlyHeld({ block, validUntilMs }: ReservedBlock, since: number): Held {
  return {
    block,
    validUntilMs,
    since,
    used: 0,
    open: 0,
    isLeft: false,
    lastUsedAt: since,
    retired: false,
    isRecovered: false,
    settling: false,
    failures: 0,
    retryAt: -Infinity,
  };
}

function isUsable(unit: Held, now: number): boolean {
  return !unit.retired && unit.used < unit.block.granted && unit.validUntilMs > now;
}

/** A block in use is left alone; one that was settled is settled again once a unit of it came back. */
function isDue(unit: Held, now: number): boolean {
  if (unit.retired) return unit.settledAs !== unit.used || unit.open === 0;
  if (unit.validUntilMs <= now || now - unit.lastUsedAt >= idleMs) return true;
  return unit.used === unit.block.granted && unit.open === 0;
}

/** Doubles for a tenant that used up its last block in less than five seconds; one at a time near the end of a quota. */
function nextAmount(asked: number, granted: number, sinceLatestMs: number | undefined): number {
  if (granted < asked) return 1;
  const fast = sinceLatestMs !== undefined && sinceLatestMs < idleMs;
  return Math.min(Math.max(fast ? asked * 2 : asked, firstAmount), largestAmount);
}
