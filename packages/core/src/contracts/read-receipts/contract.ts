import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { readReceiptsCases } from "./cases.ts";
import type { ReadReceiptsSubject } from "./subject.ts";

/** The promises of the `ReadReceipts` port. */
export const readReceiptsContract: Contract<ReadReceiptsSubject> = {
  port: "ReadReceipts",
  cases: readReceiptsCases,
};

/** Declares one test for each promise of the `ReadReceipts` port. */
export function describeReadReceiptsContract(options: ContractOptions<ReadReceiptsSubject>): void {
  describeContract(readReceiptsContract, options);
}
