import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { readReceiptsCases } from "./cases.ts";
import type { ReadReceiptsSubject } from "./subject.ts";

export const readReceiptsContract: Contract<ReadReceiptsSubject> = {
  port: "ReadReceipts",
  cases: readReceiptsCases,
};

export function describeReadReceiptsContract(options: ContractOptions<ReadReceiptsSubject>): void {
  describeContract(readReceiptsContract, options);
}
