import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { retentionCases } from "./cases.ts";

/** What is forgotten is what the other ports of its store keep. */
export const retentionContract: Contract<StoreSubject> = {
  port: "Retention",
  cases: retentionCases,
};

export function describeRetentionContract(options: ContractOptions<StoreSubject>): void {
  describeContract(retentionContract, options);
}
