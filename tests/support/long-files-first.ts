import { existsSync } from "node:fs";

import { BaseSequencer, type TestSpecification } from "vitest/node";

/** They take the longest. The first of them wait most of the time, so that others run meanwhile. */
const long = [
  "tests/system/sending/pacing.test.ts",
  "tests/system/stores/two-servers.test.ts",
  "tests/system/processes/stalled-output.test.ts",
  "tests/system/callbacks/lost-callbacks.test.ts",
  "tests/system/processes/shutdown.test.ts",
  "tests/system/processes/connections.test.ts",
  "tests/system/documents/readme-examples.test.ts",
  "packages/postgres-adapter/src/database/pooler.integration.test.ts",
  "packages/sqlite-adapter/src/store.contract.integration.test.ts",
  "packages/postgres-adapter/src/store.contract.integration.test.ts",
  "packages/postgres-adapter/src/store.model.integration.test.ts",
  "packages/sqlite-adapter/src/store.model.integration.test.ts",
].map((path) => new URL(`../../${path}`, import.meta.url).pathname);

/** Vitest starts with the largest files until it knows how long each takes. Most of the longest are short texts. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const missing = long.filter((path) => !existsSync(path));
    if (missing.length > 0) throw new Error(`No such test files: ${missing.join(", ")}`);
    const byProject = Map.groupBy(await super.sort(files), ({ project }) => project);
    return [...byProject.values()].flatMap((sorted) => sorted.toSorted((a, b) => rank(a) - rank(b)));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const index = long.indexOf(moduleId);
  return index < 0 ? long.length : index;
}
