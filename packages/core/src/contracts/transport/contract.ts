import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { transportOutcomeCases } from "./outcome-cases.ts";
import { transportRequestCases } from "./request-cases.ts";
import type { TransportSubject } from "./subject.ts";

/** The promises of the `Transport` port. */
export const transportContract: Contract<TransportSubject> = {
  port: "Transport",
  cases: [...transportRequestCases, ...transportOutcomeCases],
};

/**
 * Declares one test for each promise of the `Transport` port.
 *
 * @example
 * describeTransportContract({ name: "my transport", setup: () => createMyTransportSubject() });
 */
export function describeTransportContract(options: ContractOptions<TransportSubject>): void {
  describeContract(transportContract, options);
}
