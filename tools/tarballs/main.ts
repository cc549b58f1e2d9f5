/**
 * Packs the packages, installs them in an empty project, and runs the examples of the READMEs there: on the lowest Node
 * that the packages allow and on the present one, as ES modules and as CommonJS, in each module resolution of TypeScript.
 *
 * node tools/tarballs/main.ts [--keep]
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Example, readmeExamples, root } from "../readmes/examples.ts";
import { runProcess } from "./run-process.ts";
import { asCommonJs } from "./commonjs.ts";
import { higher, lowestNodes, nodeBinary, type Version } from "./node-versions.ts";
import { packAll } from "./pack.ts";
import { createProject } from "./project.ts";
import { configurations, typeCheck } from "./type-check.ts";

const problems: string[] = [];
const present = process.versions.node;
const folder = await mkdtemp(join(tmpdir(), "message-sender-tarballs-"));
const project = join(folder, "project");
try {
  const tarballs = await timed("pack", () => packAll(root, folder));
  const lowest = await lowestNodes(
    root,
    tarballs.map((tarball) => tarball.folder),
  );
  const versions = [...new Set([...lowest.values(), present])].toSorted();
  const cache = join(root, "node_modules/.cache/message-sender");
  const nodes = new Map(
    await timed(`install Node ${versions.join(", ")}`, () =>
      inTurn(versions, async (version) => [version, await nodeBinary(version, cache)] as const),
    ),
  );
  await timed("install the packages", () => createProject(root, project, tarballs));

  const examples = await readmeExamples();
  await writeExamples(examples);
  for (const configuration of configurations) {
    await check(`types: ${configuration.name}`, () => typeCheck(project, configuration));
  }
  for (const version of versions) {
    const binary = nodes.get(version) ?? process.execPath;
    const chosen = examples.filter((example) => runsOn(example, version, lowest));
    for (const example of chosen.filter(({ kind }) => kind === "script")) {
      await check(`Node ${version}: ${example.name}, ESM`, () => runScript(binary, example, "esm", "js"));
      await check(`Node ${version}: ${example.name}, CommonJS`, () => runScript(binary, example, "commonjs", "cjs"));
    }
    const tests = chosen.filter(({ kind }) => kind === "test");
    await check(`Node ${version}: ${tests.map(({ name }) => name).join(", ")}`, () => runTests(binary, tests));
  }
} finally {
  if (process.argv.includes("--keep")) console.log(`kept: ${project}`);
  else await rm(folder, { recursive: true });
}
if (problems.length > 0) {
  console.error(problems.join("\n\n"));
  process.exitCode = 1;
}

async function writeExamples(examples: readonly Example[]): Promise<void> {
  await mkdir(join(project, "esm"), { recursive: true });
  await mkdir(join(project, "commonjs"), { recursive: true });
  for (const { name, text, kind } of examples) {
    await writeFile(join(project, "esm", `${name}.ts`), text);
    if (kind === "script") await writeFile(join(project, "commonjs", `${name}.cts`), asCommonJs(text));
  }
}

function runsOn(example: Example, version: Version, lowest: ReadonlyMap<string, Version>): boolean {
  const needed = example.packages.map((name) => lowest.get(name) ?? "0.0.0").reduce(higher, "0.0.0");
  return higher(needed, version) === version;
}

async function runScript(node: string, example: Example, sources: string, extension: string): Promise<string> {
  const file = join(project, "out", sources, `${example.name}.${extension}`);
  // SQLite is experimental in Node, which says so once.
  const options = ["--disable-warning=ExperimentalWarning", file];
  const { code, stdout, stderr } = await runProcess(node, options, { cwd: project, timeoutMs: 60_000 });
  const isRight = code === 0 && stderr === "" && stdout.trimEnd() === example.printed.join("\n");
  return isRight
    ? ""
    : `exit code ${code}; it should print:\n${example.printed.join("\n")}\nand printed:\n${stdout}${stderr}`;
}

async function runTests(node: string, examples: readonly Example[]): Promise<string> {
  const files = examples.map(({ name }) => `esm/${name}.ts`);
  const vitest = join(project, "node_modules/vitest/vitest.mjs");
  const { code, stdout, stderr } = await runProcess(node, [vitest, "run", ...files], { cwd: project });
  return code === 0 ? "" : stdout + stderr;
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

async function inTurn<T, U>(values: readonly T[], step: (value: T) => Promise<U>): Promise<readonly U[]> {
  const results: U[] = [];
  for (const value of values) results.push(await step(value));
  return results;
}
