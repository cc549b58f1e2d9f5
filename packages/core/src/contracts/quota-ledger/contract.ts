import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { quotaBlockCases } from "./block-cases.ts";
import { quotaRequestCases } from "./request-cases.ts";

/** The messages of the ledger's store determine how many units of a block are used. */
export const quotaLedgerContract: Contract<StoreSubject> = {
  port: "QuotaLedger",
  cases: [...quotaBlockCases, ...quotaRequestCases],
};

/** Declares one test for each promise of the `QuotaLedger` port. */
export function describeQuotaLedgerContract(options: ContractOptions<StoreSubject>): void {
  describeContract(quotaLedgerContract, options);
}
