import type { Contract, ContractOptions } from "../contract.ts";
import { describeContract } from "../contract.ts";
import { acceptCases } from "./accept-cases.ts";
import { commitCases } from "./commit-cases.ts";
import { countCases } from "./count-cases.ts";
import { findCases } from "./find-cases.ts";
import { listCases } from "./list-cases.ts";
import { overdueCases } from "./overdue-cases.ts";
import type { StoreSubject } from "../store/subject.ts";

/** The promises of the `MessageStore` port. */
export const messageStoreContract: Contract<StoreSubject> = {
  port: "MessageStore",
  cases: [...acceptCases, ...commitCases, ...findCases, ...listCases, ...countCases, ...overdueCases],
};

/** Declares one test for each promise of the `MessageStore` port. */
export function describeMessageStoreContract(options: ContractOptions<StoreSubject>): void {
  describeContract(messageStoreContract, options);
}
