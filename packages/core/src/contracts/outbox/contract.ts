import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { outboxClaimCases } from "./claim-cases.ts";
import { outboxLeaseCases } from "./lease-cases.ts";
import { outboxSettleCases } from "./settle-cases.ts";
import { outboxTopicCases } from "./topic-cases.ts";
import { outboxUndeliveredCases } from "./undelivered-cases.ts";

/** Entries enter the outbox by the commits of its store, and by its inbox. */
export const outboxContract: Contract<StoreSubject> = {
  port: "Outbox",
  cases: [
    ...outboxClaimCases,
    ...outboxLeaseCases,
    ...outboxSettleCases,
    ...outboxTopicCases,
    ...outboxUndeliveredCases,
  ],
};

/** Declares one test for each promise of the `Outbox` port. */
export function describeOutboxContract(options: ContractOptions<StoreSubject>): void {
  describeContract(outboxContract, options);
}
