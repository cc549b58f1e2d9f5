import type { Contract, ContractOptions } from "../contract.ts";
import { describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { processLeaseCases } from "./cases.ts";

/** The promises of the `ProcessLease` port. */
export const processLeaseContract: Contract<StoreSubject> = { port: "ProcessLease", cases: processLeaseCases };

/** Declares one test for each promise of the `ProcessLease` port. */
export function describeProcessLeaseContract(options: ContractOptions<StoreSubject>): void {
  describeContract(processLeaseContract, options);
}
