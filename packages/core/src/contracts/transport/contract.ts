import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { transportOutcomeCases } from "./outcome-cases.ts";
import { transportRequestCases } from "./request-cases.ts";
import type { TransportSubject } from "./subject.ts";

export const transportContract: Contract<TransportSubject> = {
  port: "Transport",
  cases: [...transportRequestCases, ...transportOutcomeCases],
};

export function describeTransportContract(options: ContractOptions<TransportSubject>): void {
  describeContract(transportContract, options);
}
