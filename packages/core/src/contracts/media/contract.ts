import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import { mediaFileCases } from "./file-cases.ts";
import { mediaOutcomeCases } from "./outcome-cases.ts";
import type { MediaSubject } from "./subject.ts";

/** The promises of the `Media` port. */
export const mediaContract: Contract<MediaSubject> = {
  port: "Media",
  cases: [...mediaFileCases, ...mediaOutcomeCases],
};

/** Declares one test for each promise of the `Media` port. */
export function describeMediaContract(options: ContractOptions<MediaSubject>): void {
  describeContract(mediaContract, options);
}
