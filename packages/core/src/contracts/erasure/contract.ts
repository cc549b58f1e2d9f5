import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { erasureCases } from "./cases.ts";

/** It removes a person from what the other ports of its store keep. */
export const erasureContract: Contract<StoreSubject> = { port: "Erasure", cases: erasureCases };

/** Declares one test for each promise of the `Erasure` port. */
export function describeErasureContract(options: ContractOptions<StoreSubject>): void {
  describeContract(erasureContract, options);
}
