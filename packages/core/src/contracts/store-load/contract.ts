import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { storeLoadCases } from "./cases.ts";

/** The promises of the `StoreLoad` port. */
export const storeLoadContract: Contract<StoreSubject> = {
  port: "StoreLoad",
  cases: storeLoadCases,
};

/** Declares one test for each promise of the `StoreLoad` port. */
export function describeStoreLoadContract(options: ContractOptions<StoreSubject>): void {
  describeContract(storeLoadContract, options);
}
