import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Plugin } from "rolldown";

/** Writes down the licenses of the installed packages that the bundle contains. */
export const notices: Plugin = {
  name: "notices",
  generateBundle(_, output) {
    const modules = Object.values(output).flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
    const folders = new Set(modules.filter((id) => id.includes("/node_modules/")).map(folderOf));
    const texts = [...folders].map(noticeOf).toSorted();
    this.emitFile({ type: "asset", fileName: "LICENSES.txt", source: texts.join(`\n${"-".repeat(80)}\n\n`) });
  },
};

/** The folder of the package to which a module belongs. Some packages have further manifests, without a version, below it. */
function folderOf(id: string): string {
  const folder = dirname(id);
  const manifest = join(folder, "package.json");
  return existsSync(manifest) && "version" in read(manifest) ? folder : folderOf(folder);
}

function noticeOf(folder: string): string {
  const { name, version, license } = read(join(folder, "package.json"));
  const texts = globSync("{LICENSE,LICENCE,license,NOTICE}*", { cwd: folder }).toSorted();
  if (license === undefined && texts.length === 0) throw new Error(`${folder} has no license`);
  return [`${name} ${version}, ${license}\n`, ...texts.map((text) => readFileSync(join(folder, text), "utf8"))].join(
    "\n",
  );
}

interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly license?: string;
}

function read(path: string): Manifest {
  return JSON.parse(readFileSync(path, "utf8")) as Manifest;
}
