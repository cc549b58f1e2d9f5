import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { statusCallbacksCases } from "./cases.ts";
import type { StatusCallbacksSubject } from "./subject.ts";

/** The promises of the `StatusCallbacks` port. */
export const statusCallbacksContract: Contract<StatusCallbacksSubject> = {
  port: "StatusCallbacks",
  cases: statusCallbacksCases,
};

/** Declares one test for each promise of the `StatusCallbacks` port. */
export function describeStatusCallbacksContract(options: ContractOptions<StatusCallbacksSubject>): void {
  describeContract(statusCallbacksContract, options);
}
