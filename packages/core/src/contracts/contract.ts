import { describe, it } from "vitest";

import { endedWithin } from "./ended-within.ts";
import { brokenPromise } from "./results.ts";

/** A fresh adapter, and what a contract needs to drive it. */
export interface Subject {
  /** Called after each case, however it ended. */
  close?(): Promise<void>;
}

/** One promise of a port, in the words of its TSDoc, and the test for it. */
export interface Case<S extends Subject> {
  readonly name: string;
  /** What the subject must have, such as an optional method of its port. The case of one that has it not is skipped. */
  readonly needs?: {
    readonly name: string;
    /** Returns it; undefined if the subject has it not. */
    readonly of: (subject: S) => unknown;
  };
  /** Rejects where the subject breaks the promise. */
  run(subject: S): Promise<void>;
}

/** The promises of a port, as data: `describeContract` makes tests of them, `describeSabotage` proves them. */
export interface Contract<S extends Subject> {
  readonly port: string;
  readonly cases: readonly Case<S>[];
}

/** Promises that a subject cannot show, by the names of their cases. */
export interface Skip {
  readonly reason: string;
  readonly tests: readonly string[];
}

/** How a suite gets its subjects. */
export interface ContractOptions<S extends Subject> {
  /** The adapter's name. */
  readonly name: string;
  /** Creates a fresh subject. Called once for each case. */
  readonly setup: () => S | Promise<S>;
  readonly skip?: readonly Skip[];
  /** The time limit of a case, setup included. Default: 60,000, which only a case that hangs reaches. */
  readonly caseTimeoutMs?: number;
}

/**
 * Declares one test for each promise. A failure names the broken promise, what was expected and what the adapter did.
 */
export function describeContract<S extends Subject>(contract: Contract<S>, options: ContractOptions<S>): void {
  const reasons = reasonsToSkip(contract, options.skip);
  const timeout = options.caseTimeoutMs ?? 60_000;
  describe(`${options.name} keeps the promises of ${contract.port}`, () => {
    for (const { name, needs, run } of contract.cases) {
      // A case that hangs fails by `endedWithin`, which says more than the runner.
      it(name, { timeout: timeout + 5000 }, async ({ skip }) => {
        const reason = reasons.get(name);
        if (reason !== undefined) skip(reason);
        let canRun = true;
        const runIfItCan = async (subject: S): Promise<void> => {
          canRun = needs === undefined || needs.of(subject) !== undefined;
          if (canRun) await run(subject);
        };
        await endedWithin(timeout, withSubject(options.setup, runIfItCan)).catch((error: unknown) => {
          throw brokenPromise(error, { port: contract.port, adapter: options.name, name });
        });
        if (!canRun) skip(`it has no \`${needs?.name}\``);
      });
    }
  });
}

/** The names of the cases that a subject fails. */
export async function failedCases<S extends Subject>(
  contract: Contract<S>,
  { setup, skip }: Pick<ContractOptions<S>, "setup" | "skip">,
): Promise<readonly string[]> {
  const reasons = reasonsToSkip(contract, skip);
  const failed: string[] = [];
  for (const { name, run } of contract.cases) {
    if (reasons.has(name)) continue;
    await withSubject(setup, run).catch(() => failed.push(name));
  }
  return failed;
}

async function withSubject<S extends Subject>(setup: () => S | Promise<S>, run: (subject: S) => Promise<void>) {
  const subject = await setup();
  try {
    await run(subject);
  } finally {
    await subject.close?.();
  }
}

function reasonsToSkip<S extends Subject>(contract: Contract<S>, skip: readonly Skip[] = []): Map<string, string> {
  const reasons = new Map(skip.flatMap(({ reason, tests }) => tests.map((test) => [test, reason] as const)));
  for (const test of reasons.keys()) {
    if (!contract.cases.some(({ name }) => name === test)) {
      throw new Error(`${contract.port} has no promise "${test}" to skip`);
    }
  }
  return reasons;
}
