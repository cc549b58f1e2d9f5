import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import { onTestFinished } from "vitest";

const tests = dirname(import.meta.dirname);
const tsc = join(dirname(tests), "node_modules/typescript/bin/tsc");
const execute = promisify(execFile);

/** Programs that call an API through a client that was generated from its document. */
export interface ClientPrograms {
  /** Compiles all of them at once. Complains about everything that the compiler finds. */
  compile(): Promise<string>;
  /** What one of them prints. */
  run(name: string, ...args: readonly string[]): Promise<string>;
}

/** Writes `api.ts`, the types of a document, beside programs, each by the name of its file. All are gone after the test. */
export async function writeClientPrograms(
  document: object,
  programs: Readonly<Record<string, string>>,
): Promise<ClientPrograms> {
  // In the repository, so that its packages are found. Node does not run TypeScript within node_modules.
  const folder = await mkdtemp(join(tests, ".generated-client-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "api.ts"), astToString(await openapiTS(document as unknown as OpenAPI3)));
  for (const [name, program] of Object.entries(programs)) await writeFile(join(folder, name), program);
  const configuration = {
    extends: "../../tsconfig.base.json",
    compilerOptions: {
      noEmit: true,
      composite: false,
      allowImportingTsExtensions: true,
      rewriteRelativeImportExtensions: false,
    },
    include: ["*.ts"],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(configuration));

  async function outputOf(args: readonly string[]): Promise<string> {
    const { stdout } = await execute(process.execPath, args, { cwd: folder }).catch(
      (error: unknown) => error as { stdout: string; stderr: string },
    );
    return stdout;
  }
  return {
    compile: () => outputOf([tsc, "-p", "."]),
    run: (...args) => execute(process.execPath, args, { cwd: folder }).then(({ stdout }) => stdout),
  };
}
