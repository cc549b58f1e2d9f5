import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { storeHealthCases } from "./cases.ts";

export const storeHealthContract: Contract<StoreSubject> = {
  port: "StoreHealth",
  cases: storeHealthCases,
};

export function describeStoreHealthContract(options: ContractOptions<StoreSubject>): void {
  describeContract(storeHealthContract, options);
}
