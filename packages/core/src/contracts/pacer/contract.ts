import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { pacerAnswerCases } from "./answer-cases.ts";
import { pacerPermitCases } from "./permit-cases.ts";
import { pacerRateCases } from "./rate-cases.ts";
import type { PacerSubject } from "./subject.ts";

/** The promises of the `Pacer` port. */
export const pacerContract: Contract<PacerSubject> = {
  port: "Pacer",
  cases: [...pacerPermitCases, ...pacerRateCases, ...pacerAnswerCases],
};

/** Declares one test for each promise of the `Pacer` port. */
export function describePacerContract(options: ContractOptions<PacerSubject>): void {
  describeContract(pacerContract, options);
}
