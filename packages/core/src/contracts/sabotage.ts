import { describe, expect, it } from "vitest";

import { type Contract, type ContractOptions, failedCases, type Subject } from "./contract.ts";

/** Breaks just one promise of a subject. */
export type Sabotage<S extends Subject> = (subject: S) => S;

/** How a contract is shown to notice each broken promise. */
export interface SabotageOptions<S extends Subject> extends Omit<ContractOptions<S>, "name"> {
  /** At least one way to break each promise, by the name of its case. */
  readonly sabotages: Readonly<Record<string, Sabotage<S> | readonly Sabotage<S>[]>>;
}

/** Proves a contract: each promise can be broken, and then exactly its case fails. */
export function describeSabotage<S extends Subject>(contract: Contract<S>, options: SabotageOptions<S>): void {
  const { setup, sabotages, skip = [] } = options;
  const skipped = new Set(skip.flatMap(({ tests }) => tests));
  const names = contract.cases.map(({ name }) => name).filter((name) => !skipped.has(name));

  describe(`the contract of ${contract.port} notices`, () => {
    it("nothing where all is well", async () => {
      expect(await failedCases(contract, options)).toEqual([]);
    });

    it("each of its promises being broken", () => {
      expect(Object.keys(sabotages).toSorted()).toEqual(names.toSorted());
    });

    for (const [name, ways] of Object.entries(sabotages)) {
      for (const [index, sabotage] of (typeof ways === "function" ? [ways] : ways).entries()) {
        it(`a breach of: ${name}${index === 0 ? "" : ` (${index + 1})`}`, async () => {
          const broken = async () => sabotage(await setup());
          expect(await failedCases(contract, { setup: broken, skip })).toEqual([name]);
        });
      }
    }
  });
}
