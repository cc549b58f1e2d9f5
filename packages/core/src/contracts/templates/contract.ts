import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { templatesCases } from "./cases.ts";
import type { TemplatesSubject } from "./subject.ts";

/** The promises of the `Templates` port. */
export const templatesContract: Contract<TemplatesSubject> = {
  port: "Templates",
  cases: templatesCases,
};

/** Declares one test for each promise of the `Templates` port. */
export function describeTemplatesContract(options: ContractOptions<TemplatesSubject>): void {
  describeContract(templatesContract, options);
}
