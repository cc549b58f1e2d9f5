import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { quotaCases } from "./cases.ts";
import type { QuotaSubject } from "./subject.ts";

/** The promises of the `Quota` port. */
export const quotaContract: Contract<QuotaSubject> = {
  port: "Quota",
  cases: quotaCases,
};

/** Declares one test for each promise of the `Quota` port. */
export function describeQuotaContract(options: ContractOptions<QuotaSubject>): void {
  describeContract(quotaContract, options);
}
