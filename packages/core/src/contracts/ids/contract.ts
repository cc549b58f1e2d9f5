import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { idsCases } from "./cases.ts";
import type { IdsSubject } from "./subject.ts";

/** The promises of the `Ids` port. */
export const idsContract: Contract<IdsSubject> = {
  port: "Ids",
  cases: idsCases,
};

/** Declares one test for each promise of the `Ids` port. */
export function describeIdsContract(options: ContractOptions<IdsSubject>): void {
  describeContract(idsContract, options);
}
