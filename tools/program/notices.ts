import { existsSync, globSync, readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";

import type { Plugin } from "rolldown";

import { isInstalled } from "./parts.ts";

/** Writes down the licenses of the installed packages from which the bundle has something. */
export const notices: Plugin = {
  name: "notices",
  generateBundle(_, output) {
    const files = Object.values(output).flatMap((file) =>
      file.type === "chunk" ? file.moduleIds : file.originalFileNames,
    );
    const folders = new Set([...files.filter(isInstalled), ...copied].map(folderOf));
    const texts = [...folders].map(noticeOf).toSorted();
    this.emitFile({ type: "asset", fileName: "LICENSES.txt", source: texts.join(`\n${"-".repeat(80)}\n\n`) });
  },
};

/** Packages from which `npm run prepare` has copied something into a package of ours. */
const copied = [findPackageJSON("@scalar/fastify-api-reference", import.meta.url) ?? ""];

/** The folder of the package to which a file belongs. Some packages have further manifests, without a version, below it. */
function folderOf(file: string): string {
  const folder = dirname(file);
  const manifest = join(folder, "package.json");
  return existsSync(manifest) && "version" in read(manifest) ? folder : folderOf(folder);
}

function noticeOf(folder: string): string {
  const { name, version, license } = read(join(folder, "package.json"));
  if (license === undefined) throw new Error(`${folder} names no license`);
  const files = globSync("{LICENSE,LICENCE,license,NOTICE,CopyrightNotice}*", { cwd: folder }).toSorted();
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8"));
  if (texts.length === 0) texts.push(licenseInReadme(folder) ?? "The package has no text of its license.\n");
  return [`${name} ${version}, ${license}\n`, ...texts].join("\n");
}

function licenseInReadme(folder: string): string | undefined {
  const [readme] = globSync("{README,readme}*", { cwd: folder });
  const text = readme === undefined ? "" : readFileSync(join(folder, readme), "utf8");
  return /^#*[ \t]*licen[cs]e\b.*\n(?:[=-]+\n)?(?<text>[^]*)/im.exec(text)?.groups?.["text"];
}

interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly license?: string;
}

function read(path: string): Manifest {
  return JSON.parse(readFileSync(path, "utf8")) as Manifest;
}
