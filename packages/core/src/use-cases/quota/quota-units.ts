import { err, ok, type Result, type ResultAsync } from "neverthrow";

import type { Identifier } from "../../content/identifiers.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Quota, QuotaError } from "../../ports/quota.ts";
import type { QuotaLedger } from "../../ports/store/quota-ledger.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import {
  type HeldBlock,
  idleMs,
  isDue,
  countByStore,
  lendingBlock,
  lendingSince,
  recoveredBlock,
  returnUnit,
  takeUnit,
  type UnitUse,
} from "./block.ts";
import { createBlockRequests } from "./block-requests.ts";
import { createSettleBlock } from "./settle-block.ts";

/** Hands out single units of quota from reserved blocks. A send costs no round trip to the quota. */
export interface QuotaUnits {
  /** Takes one unit, or requests a block first. Each unit that is taken must be returned once, however its call ends. */
  take(tenantId: Identifier): Promise<Result<HeldBlock, QuotaError>>;
  /** As `take`, if a block has a unit now; otherwise undefined. */
  takeNow(tenantId: Identifier): HeldBlock | undefined;
  /** Returns a unit, and says what became of it. */
  giveBack(unit: HeldBlock, use: UnitUse): void;
  /** Takes one unit and runs `work` with the id of its block. `useOf` derives from the result what became of the unit. */
  withUnit<T, E>(
    tenantId: Identifier,
    useOf: (result: Result<T, E>) => UnitUse,
    work: (blockId: string) => Promise<Result<T, E>> | ResultAsync<T, E>,
  ): Promise<Result<T, E | QuotaError>>;
  /** How many units this process has reserved for the tenant and not handed out. */
  unused(tenantId: Identifier): number;
  /** Settles blocks that no call uses any more, by the store's count: those of ended processes and of queued messages. */
  recover(): Promise<void>;
  /** Settles the blocks that are used up, idle or expired; with `all`, every one. */
  settle(which?: "all"): Promise<void>;
}

interface Account {
  /** The blocks that units are taken from. */
  blocks: HeldBlock[];
  /** How many units to request next, unless more calls wait for one. */
  amount: number;
  /** How many calls wait for a unit. */
  waiting: number;
  asking?: Promise<Result<void, QuotaError>>;
}

const firstAmount = 100;
const largestAmount = 1000;
/** How many closed blocks are remembered. For a block that was forgotten, the telemetry counts all units again. */
const mostClosedBlocks = 10_000;

interface QuotaUnitsParts {
  readonly quota: Quota;
  readonly quotaLedger: QuotaLedger;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly telemetry: Telemetry;
}

/** Keeps the blocks of each tenant in memory. */
export function createQuotaUnits(parts: QuotaUnitsParts): QuotaUnits {
  const { quotaLedger, clock, telemetry } = parts;
  const accounts = new Map<Identifier, Account>();
  /** Every block that is not closed yet. */
  const blocks = new Map<string, HeldBlock>();
  /** Blocks of this process, from before the ledger knows them. */
  const own = new Set<string>();
  /** What the quota was last told of each block that this process closed: a closed block may be opened again. The newest last. */
  const reportedOf = new Map<string, number>();
  const requests = createBlockRequests(parts);
  const settleBlock = createSettleBlock(parts);

  function accountOf(tenantId: Identifier): Account {
    const known = accounts.get(tenantId);
    if (known) return known;
    const account: Account = { blocks: [], amount: firstAmount, waiting: 0 };
    accounts.set(tenantId, account);
    return account;
  }

  function takeFrom({ blocks }: Account): HeldBlock | undefined {
    const now = clock.monotonicMs();
    for (const held of blocks) if (takeUnit(held, now)) return held;
    return undefined;
  }

  async function ask(tenantId: Identifier, account: Account): Promise<Result<void, QuotaError>> {
    const now = clock.monotonicMs();
    const latest = account.blocks.at(-1);
    const latestSince = latest && lendingSince(latest);
    const amount = amountFor(account);
    const reserved = await requests.reserve(tenantId, amount, own);
    if (reserved.isErr()) {
      if (reserved.error.kind === "QuotaExceeded") account.amount = 1;
      return err(reserved.error);
    }
    const { block } = reserved.value;
    const { id: blockId, granted } = block;
    telemetry.record({ kind: "QuotaReserved", tenantId, blockId, requested: amount, granted });
    const sinceLatestMs = latestSince === undefined ? undefined : now - latestSince;
    account.amount = granted < amount ? 1 : nextAmount(account.amount, sinceLatestMs);
    const fresh = lendingBlock(reserved.value, now);
    account.blocks.push(fresh);
    blocks.set(block.id, fresh);
    return ok();
  }

  async function settleOne(held: HeldBlock, now: number): Promise<void> {
    const { tenantId, id } = held.block;
    const account = accounts.get(tenantId);
    if (account) {
      account.blocks = account.blocks.filter((other) => other !== held);
      if (account.blocks.length === 0 && !account.asking) accounts.delete(tenantId);
    }
    if (!(await settleBlock(held, now))) return;
    blocks.delete(id);
    own.delete(id);
    remember(id, held.reported);
  }

  function remember(blockId: string, reported: number): void {
    reportedOf.delete(blockId);
    const [oldest] = reportedOf.size < mostClosedBlocks ? [] : reportedOf.keys();
    if (oldest !== undefined) reportedOf.delete(oldest);
    reportedOf.set(blockId, reported);
  }

  async function take(tenantId: Identifier): Promise<Result<HeldBlock, QuotaError>> {
    const account = accountOf(tenantId);
    for (;;) {
      const taken = takeFrom(account);
      if (taken) return ok(taken);
      account.waiting += 1;
      const asked = await (account.asking ??= ask(tenantId, account).finally(() => delete account.asking));
      account.waiting -= 1;
      if (asked.isOk()) continue;
      if (asked.error.kind !== "QuotaExceeded" && account.blocks.length === 0) accounts.delete(tenantId);
      return err(asked.error);
    }
  }

  async function withUnit<T, E>(
    tenantId: Identifier,
    useOf: (result: Result<T, E>) => UnitUse,
    work: (blockId: string) => Promise<Result<T, E>> | ResultAsync<T, E>,
  ): Promise<Result<T, E | QuotaError>> {
    const taken = await take(tenantId);
    if (taken.isErr()) return err(taken.error);
    let use: UnitUse = "used";
    try {
      const result = await work(taken.value.block.id);
      use = useOf(result);
      return result;
    } finally {
      returnUnit(taken.value, use);
    }
  }

  async function settle(which?: "all"): Promise<void> {
    const now = clock.monotonicMs();
    const ofCalls = [...blocks.values()].filter(({ phase }) => phase.kind !== "Recovered");
    const due = which === "all" ? ofCalls : ofCalls.filter((held) => isDue(held, now));
    await Promise.all(due.map((held) => settleOne(held, now)));
  }

  async function recover(): Promise<void> {
    const unsettled = await quotaLedger.unsettled();
    if (unsettled.isErr()) {
      return telemetry.record({ kind: "BackgroundFault", where: "quota", reason: unsettled.error.reason });
    }
    const now = clock.monotonicMs();
    const listed = new Set(unsettled.value.map(({ block }) => block.id));
    // Another process closed the blocks that are no longer listed.
    for (const [id, { phase }] of blocks) if (phase.kind === "Recovered" && !listed.has(id)) blocks.delete(id);
    for (const { block, used, unfinished, isRecounted } of unsettled.value) {
      const known = blocks.get(block.id);
      // Sends continue meanwhile. Settling a block that they take from would return units that they use.
      if (own.has(block.id)) {
        if (known && isRecounted) countByStore(known);
        continue;
      }
      const held = known?.phase.kind === "Recovered" ? known : recoveredBlock(block, reportedOf.get(block.id));
      blocks.set(block.id, Object.assign(held, { used, open: unfinished }));
    }
    const due = [...blocks.values()].filter((held) => held.phase.kind === "Recovered" && isDue(held, now));
    await Promise.all(due.map((held) => settleOne(held, now)));
    await requests.recover();
  }

  return {
    take,
    takeNow: (tenantId) => takeFrom(accountOf(tenantId)),
    giveBack: returnUnit,
    unused: (tenantId) =>
      (accounts.get(tenantId)?.blocks ?? []).reduce((sum, { block, used }) => sum + block.granted - used, 0),
    withUnit,
    recover,
    settle,
  };
}

/** As many as calls wait for one, but one at a time near the end of a quota. */
function amountFor({ amount, waiting }: Account): number {
  return amount === 1 ? 1 : Math.min(Math.max(amount, waiting), largestAmount);
}

/** Doubles if the tenant used up its last block in less than five seconds. */
function nextAmount(amount: number, sinceLatestMs: number | undefined): number {
  const fast = sinceLatestMs !== undefined && sinceLatestMs < idleMs;
  return Math.min(Math.max(fast ? amount * 2 : amount, firstAmount), largestAmount);
}
