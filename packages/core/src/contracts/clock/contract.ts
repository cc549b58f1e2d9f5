import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { clockCases } from "./cases.ts";
import type { ClockSubject } from "./subject.ts";

/** The promises of the `Clock` port. */
export const clockContract: Contract<ClockSubject> = {
  port: "Clock",
  cases: clockCases,
};

/** Declares one test for each promise of the `Clock` port. */
export function describeClockContract(options: ContractOptions<ClockSubject>): void {
  describeContract(clockContract, options);
}
