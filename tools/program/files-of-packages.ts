import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, relative } from "node:path";

import type { Plugin } from "rolldown";

import type { ProgramFile } from "./program-file.ts";
import { packages, sources } from "./sources.ts";

/** What sources read while they run. Each finds it from its own place. */
const readFiles = [
  "{cli,http-adapter,server}/package.json",
  "{console,emulator,pages}/styles/*.{css,svg}",
  "{console,pages}/src/browser/*.js",
  "emulator/src/page/browser/*.js",
  "http-adapter/assets/*.gz",
  "{postgres,sqlite}-adapter/sql/**/*.sql",
];

/** The files that sources read, below the name of their package. */
export function filesOfPackages(): readonly ProgramFile[] {
  return globSync(readFiles, { cwd: packages }).map((path) => {
    const content = readFileSync(join(packages, path));
    return { path, content: basename(path) === "package.json" ? versionIn(content.toString()) : content };
  });
}

/** A manifest with nothing else. Programs that look for manifests would take the whole one for that of a package. */
function versionIn(manifest: string): string {
  const { version } = JSON.parse(manifest) as { version: string };
  return `${JSON.stringify({ version, type: "module" })}\n`;
}

/** Lets sources find their files beside the bundle. */
export const filesBesideBundle: Plugin = {
  name: "files-beside-bundle",
  transform: {
    filter: { id: { include: /\/packages\/[^/]+\/src\/.*\.tsx?$/, exclude: sources.databaseThread } },
    handler(code, id) {
      const own = code.replaceAll("import.meta.url", besideBundle(relative(packages, id)));
      return own.replaceAll(/import\.meta\.resolve\("([^"]+)"\)/g, (_, installed: string) => {
        const fileName = `installed/${basename(installed)}`;
        const source = readFileSync(createRequire(id).resolve(installed));
        this.emitFile({ type: "asset", fileName, source });
        return `${besideBundle(fileName)}.href`;
      });
    },
  },
};

function besideBundle(path: string): string {
  return `new URL(${JSON.stringify(`./${path}`)}, import.meta.url)`;
}
