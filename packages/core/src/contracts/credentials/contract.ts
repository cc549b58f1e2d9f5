import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { credentialsCases } from "./cases.ts";
import type { CredentialsSubject } from "./subject.ts";

/** The promises of the `Credentials` port. */
export const credentialsContract: Contract<CredentialsSubject> = {
  port: "Credentials",
  cases: credentialsCases,
};

/** Declares one test for each promise of the `Credentials` port. */
export function describeCredentialsContract(options: ContractOptions<CredentialsSubject>): void {
  describeContract(credentialsContract, options);
}
