import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { clockCases } from "./cases.ts";
import type { ClockSubject } from "./subject.ts";

export const clockContract: Contract<ClockSubject> = {
  port: "Clock",
  cases: clockCases,
};

export function describeClockContract(options: ContractOptions<ClockSubject>): void {
  describeContract(clockContract, options);
}
