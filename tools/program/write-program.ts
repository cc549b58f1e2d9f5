/**
 * Writes the bundle of the command into the package that has it.
 *
 * node tools/program/write-program.ts
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";

import { bundleProgram } from "./bundle-program.ts";
import { writeFiles } from "./program-file.ts";
import { packages } from "./sources.ts";

const folder = join(packages, "cli/program");
const files = await bundleProgram();
await rm(folder, { recursive: true, force: true });
await writeFiles(folder, files);
