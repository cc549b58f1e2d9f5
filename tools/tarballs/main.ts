/**
 * Packs the packages, checks what was packed, installs it in an empty project, and runs the examples of the READMEs there: on the
 * lowest Node that the packages allow and on the present one, as ES modules and as CommonJS, in each module resolution of TypeScript.
 * Installs the emulator alone, and the command alone, checks their size and starts them.
 *
 * node tools/tarballs/main.ts [--keep]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startEmbeddedPostgres } from "../../tests/support/embedded-postgres.ts";
import { checkPackages } from "../check-packages/check-packages.ts";
import { type Example, runnableExamples, root } from "../readmes/examples.ts";
import { commandAlone } from "./command-alone.ts";
import { emulatorAlone } from "./emulator-alone.ts";
import { higher, lowestNodes, nodeBinary, type Version } from "./node-versions.ts";
import { packAll } from "./pack.ts";
import { createProject } from "./project.ts";
import { runScript, runTests, writeExamples } from "./run-examples.ts";
import { configurations, typeCheck } from "./type-check.ts";

/** Tests run on no older Node, though what they test may. */
const lowestForVitest: Version = "22.12.0";
const problems: string[] = [];
const folder = await mkdtemp(join(tmpdir(), "message-sender-tarballs-"));
const project = join(folder, "project");
try {
  const tarballs = await timed("pack the packages", () => packAll(root, folder));
  await check("check what was packed", () => checkPackages(tarballs));
  await timed("install them", () => createProject(root, project, tarballs));
  const examples = await runnableExamples();
  await writeExamples(project, examples);
  for (const configuration of configurations) {
    await check(`compile as ${configuration.name}`, () => typeCheck(project, configuration));
  }
  await check("install the emulator alone, and start it", () =>
    emulatorAlone(root, join(folder, "emulator"), tarballs),
  );
  await check("install the command alone, and run its server", () =>
    commandAlone(root, join(folder, "command"), tarballs),
  );
  const folders = tarballs.map((tarball) => tarball.folder);
  await runOnEachNode(examples, await lowestNodes(root, folders));
} finally {
  if (process.argv.includes("--keep")) console.log(`kept: ${project}`);
  else await rm(folder, { recursive: true });
}
if (problems.length > 0) {
  console.error(`\n${problems.join("\n\n")}`);
  process.exitCode = 1;
}

async function runOnEachNode(examples: readonly Example[], lowest: ReadonlyMap<string, Version>): Promise<void> {
  const cache = join(root, "node_modules/.cache/message-sender");
  const postgres = await timed("start PostgreSQL", () => startEmbeddedPostgres());
  try {
    for (const version of new Set([...lowest.values(), process.versions.node])) {
      const node = await timed(`install Node ${version}`, () => nodeBinary(version, cache));
      const chosen = examples.filter((example) => runsOn(example, version, lowest));
      for (const format of ["esm", "commonjs"] as const) {
        const place = { project, format, databaseUrl: postgres.url };
        for (const example of chosen.filter(({ kind }) => kind === "script")) {
          await check(`run ${example.name} as ${format} on Node ${version}`, () => runScript(node, place, example));
        }
      }
      const tests = chosen.filter(({ kind }) => kind === "test");
      if (tests.length === 0) continue;
      const names = tests.map(({ name }) => name).join(" and ");
      await check(`run ${names} on Node ${version}`, () => runTests(node, project, tests));
    }
  } finally {
    await postgres.stop();
  }
}

/** Whether every package that an example imports allows this Node. */
function runsOn(example: Example, version: Version, lowest: ReadonlyMap<string, Version>): boolean {
  const lowestOf = (name: string) => lowest.get(name) ?? (name === "vitest" ? lowestForVitest : "0.0.0");
  const needed = example.packages.map(lowestOf).reduce(higher, "0.0.0");
  return higher(needed, version) === version;
}

async function check(name: string, find: () => Promise<string>): Promise<void> {
  const found = await timed(name, find);
  if (found !== "") problems.push(`${name}\n${found}`);
}

async function timed<T>(name: string, step: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await step();
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s  ${name}`);
  return result;
}
