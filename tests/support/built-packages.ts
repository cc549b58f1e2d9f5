import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** What the compiler has said of the packages. Empty once they are built as their sources are now. */
    readonly buildErrors: string;
  }
}

const root = new URL("../../", import.meta.url);
const compiler = fileURLToPath(new URL("node_modules/typescript/bin/tsc", root));

/** Builds the packages whose sources have changed. Examples are compiled against what a user installs, in a fifth of the time. */
export default async function setup(project: TestProject): Promise<void> {
  const building = promisify(execFile)(process.execPath, [compiler, "-b", "packages/cli"], {
    cwd: fileURLToPath(root),
  });
  const { stdout } = await building.catch((error: { stdout?: string; message: string }) => ({
    stdout: error.stdout || error.message,
  }));
  project.provide("buildErrors", stdout);
}
