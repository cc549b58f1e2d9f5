import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { parkedStatusesCases } from "./cases.ts";

/** The messages of their store determine which updates match. */
export const parkedStatusesContract: Contract<StoreSubject> = {
  port: "ParkedStatuses",
  cases: parkedStatusesCases,
};

/** Declares one test for each promise of the `ParkedStatuses` port. */
export function describeParkedStatusesContract(options: ContractOptions<StoreSubject>): void {
  describeContract(parkedStatusesContract, options);
}
