import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { recipientsCases } from "./cases.ts";

/** The promises of the `Recipients` port. */
export const recipientsContract: Contract<StoreSubject> = {
  port: "Recipients",
  cases: recipientsCases,
};

/** Declares one test for each promise of the `Recipients` port. */
export function describeRecipientsContract(options: ContractOptions<StoreSubject>): void {
  describeContract(recipientsContract, options);
}
