import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { numberRatesCases } from "./cases.ts";
import type { NumberRatesSubject } from "./subject.ts";

/** The promises of the `NumberRates` port. */
export const numberRatesContract: Contract<NumberRatesSubject> = {
  port: "NumberRates",
  cases: numberRatesCases,
};

/** Declares one test for each promise of the `NumberRates` port. */
export function describeNumberRatesContract(options: ContractOptions<NumberRatesSubject>): void {
  describeContract(numberRatesContract, options);
}
