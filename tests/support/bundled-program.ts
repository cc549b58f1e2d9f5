import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { TestProject } from "vitest/node";

import { bundleProgram } from "../../tools/program/bundle-program.ts";
import { type ProgramFile, writeFiles } from "../../tools/program/program-file.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The command `message-sender`, bundled from its sources as they are now. */
    readonly program: string;
  }
}

const cache = fileURLToPath(new URL("../../node_modules/.cache/program/", import.meta.url));

export default async function setup(project: TestProject): Promise<void> {
  project.provide("program", await bundleForTests());
}

/** Bundles the command for the processes that tests start, as it is published, and gives the path of its main file. */
export async function bundleForTests(): Promise<string> {
  const files = await bundleProgram();
  const hash = createHash("sha256");
  for (const { path, content } of files) hash.update(`${path}\n`).update(content);
  const folder = join(cache, hash.digest("hex").slice(0, 32));
  if (existsSync(folder)) await utimes(folder, new Date(), new Date());
  else await writeAtOnce(folder, files);
  await removeUnused();
  return join(folder, "main.js");
}

/** Another run of the tests may write the same bundle at the same time. */
async function writeAtOnce(folder: string, files: readonly ProgramFile[]): Promise<void> {
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(`${folder}-`);
  // Without the type Node parses each file an additional time, to see whether it is a module.
  await writeFiles(unfinished, [...files, { path: "package.json", content: '{ "type": "module" }\n' }]);
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true }));
}

const keptMs = 24 * 3_600_000;

/** Removes bundles of earlier sources. Another run of the tests may use one that is younger than a day, or remove the same one. */
async function removeUnused(): Promise<void> {
  for (const path of (await readdir(cache)).map((name) => join(cache, name))) {
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > keptMs) await rm(path, { recursive: true, force: true });
  }
}
