import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, relative } from "node:path";

import type { Plugin } from "rolldown";

import { packages, sources } from "./sources.ts";

/** Lets sources find beside the bundle what they find from their own place: files of their package, and files of installed packages. */
export const besideBundle: Plugin = {
  name: "beside-bundle",
  transform: {
    filter: { id: { include: /\/packages\/[^/]+\/src\/.*\.tsx?$/, exclude: sources.databaseThread } },
    handler(code, id) {
      const placed = code
        .replaceAll("import.meta.url", placeOf(relative(packages, id)))
        .replaceAll(/import\.meta\.resolve\("([^"]+)"\)/g, (_, name: string) => {
          const file = createRequire(id).resolve(name);
          const fileName = `installed/${basename(name)}`;
          this.emitFile({ type: "asset", fileName, originalFileName: file, source: readFileSync(file) });
          return `${placeOf(fileName)}.href`;
        });
      const left = /import\.meta\.(?!url\b)\w+/.exec(placed);
      if (left) throw new Error(`${id}: ${left[0]} would be that of the bundle`);
      return placed;
    },
  },
};

function placeOf(path: string): string {
  return `new URL(${JSON.stringify(`./${path}`)}, import.meta.url)`;
}
