import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { backlogCases } from "./cases.ts";

/** The promises of the `Backlog` port. */
export const backlogContract: Contract<StoreSubject> = {
  port: "Backlog",
  cases: backlogCases,
};

/** Declares one test for each promise of the `Backlog` port. */
export function describeBacklogContract(options: ContractOptions<StoreSubject>): void {
  describeContract(backlogContract, options);
}
