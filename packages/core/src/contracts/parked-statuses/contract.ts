import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { parkedStatusesCases } from "./cases.ts";

/** Whose they are comes from the messages of their store. */
export const parkedStatusesContract: Contract<StoreSubject> = {
  port: "ParkedStatuses",
  cases: parkedStatusesCases,
};

export function describeParkedStatusesContract(options: ContractOptions<StoreSubject>): void {
  describeContract(parkedStatusesContract, options);
}
