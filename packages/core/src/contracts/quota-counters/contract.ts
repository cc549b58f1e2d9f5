import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { quotaCounterSettleCases } from "./settle-cases.ts";
import type { QuotaCountersSubject } from "./steps.ts";
import { quotaCounterTakeCases } from "./take-cases.ts";

export const quotaCountersContract: Contract<QuotaCountersSubject> = {
  port: "QuotaCounters",
  cases: [...quotaCounterTakeCases, ...quotaCounterSettleCases],
};

export function describeQuotaCountersContract(options: ContractOptions<QuotaCountersSubject>): void {
  describeContract(quotaCountersContract, options);
}
