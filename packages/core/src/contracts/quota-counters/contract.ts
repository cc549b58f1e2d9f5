import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { quotaCounterReadCases } from "./read-cases.ts";
import { quotaCounterSettleCases } from "./settle-cases.ts";
import type { QuotaCountersSubject } from "./steps.ts";
import { quotaCounterTakeCases } from "./take-cases.ts";

/** The promises of the `QuotaCounters` port. */
export const quotaCountersContract: Contract<QuotaCountersSubject> = {
  port: "QuotaCounters",
  cases: [...quotaCounterTakeCases, ...quotaCounterSettleCases, ...quotaCounterReadCases],
};

/** Declares one test for each promise of the `QuotaCounters` port. */
export function describeQuotaCountersContract(options: ContractOptions<QuotaCountersSubject>): void {
  describeContract(quotaCountersContract, options);
}
