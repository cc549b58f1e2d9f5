import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { quotaCases } from "./cases.ts";
import type { QuotaSubject } from "./subject.ts";

export const quotaContract: Contract<QuotaSubject> = {
  port: "Quota",
  cases: quotaCases,
};

export function describeQuotaContract(options: ContractOptions<QuotaSubject>): void {
  describeContract(quotaContract, options);
}
