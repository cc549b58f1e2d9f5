import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import type { ProgramFile } from "./program-file.ts";
import { packages } from "./sources.ts";

/** What sources read while they run. Each finds it from its own place. */
const readFiles = [
  "cli/package.json",
  "http-adapter/package.json",
  "server/package.json",
  "console/styles/*.css",
  "emulator/styles/*.css",
  "pages/styles/*.{css,svg}",
  "console/src/browser/*.js",
  "emulator/src/page/browser/*.js",
  "pages/src/browser/*.js",
  "http-adapter/assets/*.gz",
  "postgres-adapter/sql/**/*.sql",
  "sqlite-adapter/sql/**/*.sql",
];

/** The files that sources read, below the name of their package. */
export function filesOfPackages(): readonly ProgramFile[] {
  return readFiles.flatMap((pattern) => {
    const paths = globSync(pattern, { cwd: packages });
    if (paths.length === 0) throw new Error(`no file matches packages/${pattern}`);
    return paths.map((path) => ({ path, content: contentOf(join(packages, path)) }));
  });
}

/** Of a manifest, the version and the type alone: who searches for manifests would take the whole one for that of an installed package. */
function contentOf(file: string): string | Uint8Array {
  const content = readFileSync(file);
  if (basename(file) !== "package.json") return content;
  const { version, type } = JSON.parse(content.toString()) as { version: string; type: string };
  return `${JSON.stringify({ version, type })}\n`;
}
