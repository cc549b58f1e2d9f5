import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { codeBlocks } from "./code-blocks.ts";

/** One TypeScript block of a README. */
export interface Example {
  /** Unique, and fit for a file name. */
  readonly name: string;
  readonly readme: string;
  readonly text: string;
  /** A test runs under vitest, a script by itself. */
  readonly kind: "script" | "test";
  /** The packages that it imports, `node:` modules aside. */
  readonly packages: readonly string[];
  /** What it prints, a line each: `console.log(…); // the line`. */
  readonly printed: readonly string[];
}

export const root = join(import.meta.dirname, "../..");

/** The paths of the READMEs, from the repository's root: its own, and one a package. */
export async function readmePaths(): Promise<readonly string[]> {
  const names = await readdir(join(root, "packages"));
  const paths = names.toSorted().map((name) => `packages/${name}/README.md`);
  const found = await Promise.all(paths.map((path) => exists(join(root, path))));
  return ["README.md", ...paths.filter((_, index) => found[index])];
}

/** Every TypeScript block of every README. */
export async function readmeExamples(): Promise<readonly Example[]> {
  const readmes = await Promise.all(
    (await readmePaths()).map(async (path) => examplesOf(path, await readFile(join(root, path), "utf8"))),
  );
  return readmes.flat();
}

export function examplesOf(readme: string, markdown: string): readonly Example[] {
  const folder = readme === "README.md" ? "main" : (readme.split("/").at(-2) ?? "");
  return codeBlocks(markdown)
    .filter(({ language }) => language === "ts")
    .map(({ text }, index) => {
      const kind = text.includes('from "vitest"') || text.includes("/contracts") ? "test" : "script";
      return {
        name: `${folder}-${index + 1}${kind === "test" ? ".test" : ""}`,
        readme,
        text,
        kind,
        packages: importedPackages(text),
        printed: [...text.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)].map(([, line = ""]) => line),
      };
    });
}

function importedPackages(text: string): readonly string[] {
  const specifiers = [...text.matchAll(/\bfrom "([^".][^"]*)"/g)].map(([, specifier = ""]) => specifier);
  const names = specifiers
    .filter((specifier) => !specifier.startsWith("node:"))
    .map((specifier) =>
      specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/"),
    );
  return [...new Set(names)];
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
