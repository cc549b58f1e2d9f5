import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { pausesCases } from "./cases.ts";

/** The promises of the `Pauses` port. */
export const pausesContract: Contract<StoreSubject> = {
  port: "Pauses",
  cases: pausesCases,
};

/** Declares one test for each promise of the `Pauses` port. */
export function describePausesContract(options: ContractOptions<StoreSubject>): void {
  describeContract(pausesContract, options);
}
