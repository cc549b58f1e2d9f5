import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { idsCases } from "./cases.ts";
import type { IdsSubject } from "./subject.ts";

export const idsContract: Contract<IdsSubject> = {
  port: "Ids",
  cases: idsCases,
};

export function describeIdsContract(options: ContractOptions<IdsSubject>): void {
  describeContract(idsContract, options);
}
