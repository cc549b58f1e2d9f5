import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { recipientsCases } from "./cases.ts";

export const recipientsContract: Contract<StoreSubject> = {
  port: "Recipients",
  cases: recipientsCases,
};

export function describeRecipientsContract(options: ContractOptions<StoreSubject>): void {
  describeContract(recipientsContract, options);
}
