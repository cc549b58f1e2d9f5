import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { historyCases } from "./cases.ts";
import type { HistorySubject } from "./subject.ts";

export const historyContract: Contract<HistorySubject> = {
  port: "History",
  cases: historyCases,
};

export function describeHistoryContract(options: ContractOptions<HistorySubject>): void {
  describeContract(historyContract, options);
}
