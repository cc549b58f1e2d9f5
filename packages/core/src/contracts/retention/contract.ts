import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { retentionCases } from "./cases.ts";

/** It forgets what the other ports of its store keep. */
export const retentionContract: Contract<StoreSubject> = {
  port: "Retention",
  cases: retentionCases,
};

/** Declares one test for each promise of the `Retention` port. */
export function describeRetentionContract(options: ContractOptions<StoreSubject>): void {
  describeContract(retentionContract, options);
}
