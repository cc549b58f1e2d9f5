import type { Contract, ContractOptions } from "./contract.ts";
import { describeContract } from "./contract.ts";
import { acceptCases } from "./message-store-accept-cases.ts";
import { commitCases } from "./message-store-commit-cases.ts";
import { findCases } from "./message-store-find-cases.ts";
import { queueCases } from "./message-store-queue-cases.ts";
import type { StoreSubject } from "./store-subject.ts";

export const messageStoreContract: Contract<StoreSubject> = {
  port: "MessageStore",
  cases: [...acceptCases, ...commitCases, ...findCases, ...queueCases],
};

export function describeMessageStoreContract(options: ContractOptions<StoreSubject>): void {
  describeContract(messageStoreContract, options);
}
