import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { historyCases } from "./cases.ts";
import type { HistorySubject } from "./subject.ts";

/** The promises of the `History` port. */
export const historyContract: Contract<HistorySubject> = {
  port: "History",
  cases: historyCases,
};

/** Declares one test for each promise of the `History` port. */
export function describeHistoryContract(options: ContractOptions<HistorySubject>): void {
  describeContract(historyContract, options);
}
