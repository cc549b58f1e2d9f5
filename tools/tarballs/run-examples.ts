import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { quickStart } from "../../tests/support/quick-start.ts";
import type { Example } from "../readmes/examples.ts";
import { asCommonJs } from "./commonjs.ts";
import { runProcess } from "./run-process.ts";

/** Writes the examples into a project: all as ES modules, the scripts as CommonJS too. */
export async function writeExamples(project: string, examples: readonly Example[]): Promise<void> {
  await mkdir(join(project, "esm"), { recursive: true });
  await mkdir(join(project, "commonjs"), { recursive: true });
  for (const { name, text, kind } of examples) {
    await writeFile(join(project, "esm", `${name}.ts`), text);
    if (kind === "script") await writeFile(join(project, "commonjs", `${name}.cts`), asCommonJs(text));
  }
}

/** Runs a compiled script. Gives what is wrong with what it printed, or an empty text. */
export async function runScript(
  node: string,
  { project, format, databaseUrl }: { project: string; format: "esm" | "commonjs"; databaseUrl: string },
  { name, printed }: Example,
): Promise<string> {
  const file = join(project, "out", format, `${name}.${format === "esm" ? "js" : "cjs"}`);
  // node:sqlite is experimental in the older versions, which print that once.
  const { code, stdout, stderr } = await runProcess(
    node,
    [...quickStart, "--disable-warning=ExperimentalWarning", file],
    {
      cwd: project,
      env: { ...process.env, DATABASE_URL: databaseUrl, NODE_COMPILE_CACHE: join(project, "compiled") },
    },
  );
  const expected = printed.join("\n");
  if (code === 0 && stderr === "" && stdout.trimEnd() === expected) return "";
  return `It ended with ${code}. It should print:\n${expected}\nIt printed:\n${stdout}${stderr}`;
}

/**
 * Runs the examples that are tests, with the project's vitest. Gives its output if one fails. On the present Node each file has a
 * worker of its own, which is vitest's default. On the others all share one, which is cheaper.
 */
export async function runTests(node: string, project: string, examples: readonly Example[]): Promise<string> {
  const files = examples.map(({ name }) => `esm/${name}.ts`);
  const vitest = join(project, "node_modules/vitest/vitest.mjs");
  const workers = node === process.execPath ? [] : ["--no-isolate", "--maxWorkers=1"];
  const { code, stdout, stderr } = await runProcess(
    node,
    [vitest, "run", "--testTimeout=60000", ...workers, ...files],
    {
      cwd: project,
    },
  );
  return code === 0 ? "" : stdout + stderr;
}
