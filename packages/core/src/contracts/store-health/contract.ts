import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { storeHealthCases } from "./cases.ts";

/** The promises of the `StoreHealth` port. */
export const storeHealthContract: Contract<StoreSubject> = {
  port: "StoreHealth",
  cases: storeHealthCases,
};

/** Declares one test for each promise of the `StoreHealth` port. */
export function describeStoreHealthContract(options: ContractOptions<StoreSubject>): void {
  describeContract(storeHealthContract, options);
}
