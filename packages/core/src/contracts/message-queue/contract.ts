import type { Contract, ContractOptions } from "../contract.ts";
import { describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { claimCases } from "./claim-cases.ts";
import { headCases } from "./head-cases.ts";
import { lineCases } from "./line-cases.ts";
import { releaseCases } from "./release-cases.ts";
import { stateCases } from "./state-cases.ts";

/** The promises of the `MessageQueue` port. */
export const messageQueueContract: Contract<StoreSubject> = {
  port: "MessageQueue",
  cases: [...claimCases, ...lineCases, ...headCases, ...releaseCases, ...stateCases],
};

/** Declares one test for each promise of the `MessageQueue` port. */
export function describeMessageQueueContract(options: ContractOptions<StoreSubject>): void {
  describeContract(messageQueueContract, options);
}
