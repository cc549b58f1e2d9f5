import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { quotaBlockCases } from "./block-cases.ts";
import { quotaRequestCases } from "./request-cases.ts";

/** How much of a block is used comes from the messages of the ledger's store. */
export const quotaLedgerContract: Contract<StoreSubject> = {
  port: "QuotaLedger",
  cases: [...quotaBlockCases, ...quotaRequestCases],
};

export function describeQuotaLedgerContract(options: ContractOptions<StoreSubject>): void {
  describeContract(quotaLedgerContract, options);
}
