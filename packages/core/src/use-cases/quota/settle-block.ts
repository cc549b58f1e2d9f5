import type { Quota } from "../../ports/quota.ts";
import type { QuotaLedger } from "../../ports/store/quota-ledger.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { failedAgain, type HeldBlock, needsSettling, retire } from "./block.ts";

/** Reports to the quota how many units of a block are used. No more are taken from it. Returns whether the block is closed. */
export type SettleBlock = (held: HeldBlock, now: number) => Promise<boolean>;

interface SettleBlockParts {
  readonly quota: Quota;
  readonly quotaLedger: QuotaLedger;
  readonly telemetry: Telemetry;
}

export function createSettleBlock({ quota, quotaLedger, telemetry }: SettleBlockParts): SettleBlock {
  async function reportToQuota(held: HeldBlock, used: number): Promise<boolean> {
    const { tenantId, id: blockId } = held.block;
    const settled = await quota.settle(held.block, used);
    if (settled.isErr()) {
      telemetry.record({ kind: "QuotaUnsettled", tenantId, blockId, reason: settled.error.reason });
      return false;
    }
    telemetry.record({ kind: "QuotaSettled", tenantId, blockId, used, before: held.reported });
    held.reported = used;
    return true;
  }

  async function close({ block, phase }: HeldBlock): Promise<boolean> {
    // While messages without a call hold units, the ledger keeps the block: the store knows how many are used.
    return (phase.kind === "Retired" && phase.isCountedByStore) || (await quotaLedger.close(block)).isOk();
  }

  return async (held, now) => {
    retire(held);
    if (held.settlement.kind === "InFlight") return false;
    const { used } = held;
    const isReported = !needsSettling(held);
    let settlement = failedAgain(held.settlement, now);
    held.settlement = { kind: "InFlight" };
    try {
      if (!isReported && !(await reportToQuota(held, used))) return false;
      settlement = { kind: "Settled", used };
      return held.open === 0 && held.used === used && (await close(held));
    } finally {
      held.settlement = settlement;
    }
  };
}
