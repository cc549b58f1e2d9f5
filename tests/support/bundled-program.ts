import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { type Plugin, rolldown } from "rolldown";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The command `message-sender`, from its sources as they are now, in a few files. */
    readonly program: string;
  }
}

const sourceOf = (path: string) => fileURLToPath(new URL(`../../packages/${path}`, import.meta.url));
const main = sourceOf("cli/src/main.ts");
/** Finds `worker` beside itself, in the bundle as in its sources. */
const databaseThread = sourceOf("sqlite-adapter/src/database/thread.ts");
const worker = sourceOf("sqlite-adapter/src/database/worker.ts");
const cache = fileURLToPath(new URL("../../node_modules/.cache/program/", import.meta.url));

export default async function setup(project: TestProject): Promise<void> {
  project.provide("program", await bundleProgram());
}

/**
 * Bundles the command for the processes that tests start, and gives the path of its main file. From its sources each of them resolves
 * a thousand modules, which takes twice as long as all the rest of its start. `npm run packages` tests the command as it is installed.
 */
export async function bundleProgram(): Promise<string> {
  const bundle = await rolldown({
    input: { main, worker },
    platform: "node",
    resolve: { conditionNames: ["@message-sender/source", "node"] },
    plugins: [atItsPlace],
    logLevel: "silent",
  });
  const { output } = await bundle.generate({ format: "esm" });
  await bundle.close();
  const files = output.flatMap((file) => (file.type === "chunk" ? [file] : []));
  const hash = createHash("sha256");
  for (const { fileName, code } of files) hash.update(`${fileName}\n${code}\n`);
  const folder = join(cache, hash.digest("hex").slice(0, 32));
  if (existsSync(folder)) await utimes(folder, new Date(), new Date());
  else await writeAtOnce(folder, files);
  await removeUnused();
  return join(folder, "main.js");
}

/** Migrations and assets are found from the place of a source. */
const atItsPlace: Plugin = {
  name: "at-its-place",
  transform: {
    filter: { id: { include: /\/packages\/[^/]+\/src\/.*\.tsx?$/, exclude: databaseThread } },
    handler: (code, id) =>
      code
        .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href))
        .replaceAll("import.meta.filename", JSON.stringify(id)),
  },
};

/** Another run of the tests may write the same bundle at the same time. */
async function writeAtOnce(folder: string, files: readonly { readonly fileName: string; readonly code: string }[]) {
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, `${basename(folder)}-`));
  for (const { fileName, code } of files) {
    await mkdir(dirname(join(unfinished, fileName)), { recursive: true });
    await writeFile(join(unfinished, fileName), code);
  }
  // Without it Node parses each file an additional time, to see whether it is a module.
  await writeFile(join(unfinished, "package.json"), '{ "type": "module" }\n');
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
