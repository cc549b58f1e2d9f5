import { existsSync } from "node:fs";

import { BaseSequencer, type TestSpecification } from "vitest/node";

/** They take the longest, and wait most of the time. */
const waiting = pathsOf([
  "tests/system/sending/pacing.test.ts",
  "tests/system/stores/two-servers.test.ts",
  "tests/system/callbacks/lost-callbacks.test.ts",
  "tests/system/processes/stalled-output.test.ts",
  "tests/system/processes/shutdown.test.ts",
  "tests/system/processes/connections.test.ts",
]);

/** They take long, and keep a core busy. */
const busy = pathsOf([
  "tests/system/documents/readme-examples.test.ts",
  "packages/sqlite-adapter/src/store.contract.integration.test.ts",
  "packages/postgres-adapter/src/database/pooler.integration.test.ts",
  "packages/postgres-adapter/src/store.contract.integration.test.ts",
  "packages/postgres-adapter/src/store.model.integration.test.ts",
  "packages/sqlite-adapter/src/store.model.integration.test.ts",
]);

/** Those of units are last: they are short, and keep the cores busy while the last of the others wait. */
const projects = ["alone", "integration", "unit"];

/** So many others start before the next file that waits: if all workers wait, the cores are idle. */
const othersBetween = 15;

/** Vitest starts with the largest files until it knows how long each takes. Most of the longest are short texts. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const missing = [...waiting, ...busy].filter((path) => !existsSync(path));
    if (missing.length > 0) throw new Error(`No such test files: ${missing.join(", ")}`);
    const byProject = Map.groupBy(await super.sort(files), ({ project }) => project.name);
    const others = [...byProject.keys()].filter((name) => !projects.includes(name));
    return [...others, ...projects].flatMap((name) => spaced(byProject.get(name) ?? []));
  }
}

function spaced(sorted: readonly TestSpecification[]): TestSpecification[] {
  const waits = sorted.filter(({ moduleId }) => waiting.includes(moduleId));
  const works = sorted.filter(({ moduleId }) => busy.includes(moduleId));
  const others = sorted.filter(({ moduleId }) => !waiting.includes(moduleId) && !busy.includes(moduleId));
  const order = [...waits.splice(0, 2), ...works];
  for (const wait of waits) order.push(...others.splice(0, othersBetween), wait);
  return [...order, ...others];
}

function pathsOf(files: readonly string[]): readonly string[] {
  return files.map((path) => new URL(`../../${path}`, import.meta.url).pathname);
}
