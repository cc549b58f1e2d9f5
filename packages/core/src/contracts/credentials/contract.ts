import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { credentialsCases } from "./cases.ts";
import type { CredentialsSubject } from "./subject.ts";

export const credentialsContract: Contract<CredentialsSubject> = {
  port: "Credentials",
  cases: credentialsCases,
};

export function describeCredentialsContract(options: ContractOptions<CredentialsSubject>): void {
  describeContract(credentialsContract, options);
}
