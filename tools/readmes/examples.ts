import { access, glob, readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { codeBlocks } from "./code-blocks.ts";

/** One TypeScript block of a README or a guide. */
export interface Example {
  /** Unique, and fit for a file name. */
  readonly name: string;
  /** The README or guide, from the repository's root. */
  readonly document: string;
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

/** The paths of the guides: the documents with a whole program or test. */
export async function guidePaths(): Promise<readonly string[]> {
  const guides = (await guideExamples()).map(({ document }) => document);
  return [...new Set(guides)];
}

/** Every TypeScript block of every README, and of `docs` those that are tests, or programs that say what they print. */
export async function runnableExamples(): Promise<readonly Example[]> {
  return [...(await examplesIn(await readmePaths())), ...(await guideExamples())];
}

async function guideExamples(): Promise<readonly Example[]> {
  const paths: string[] = [];
  for await (const path of glob("docs/*.md", { cwd: root })) paths.push(path);
  return (await examplesIn(paths.toSorted())).filter(
    ({ kind, text, printed }) => kind === "test" || (text.startsWith("import ") && printed.length > 0),
  );
}

async function examplesIn(paths: readonly string[]): Promise<readonly Example[]> {
  const documents = paths.map(async (path) => examplesOf(path, await readFile(join(root, path), "utf8")));
  return (await Promise.all(documents)).flat();
}

export function examplesOf(document: string, markdown: string): readonly Example[] {
  const folder = document === "README.md" ? "main" : (document.split("/").at(-2) ?? "");
  const name = folder === "docs" ? basename(document, ".md") : folder;
  return codeBlocks(markdown)
    .filter(({ language }) => language === "ts")
    .map(({ text }, index) => {
      const kind = text.includes('from "vitest"') || text.includes("/contracts") ? "test" : "script";
      return {
        name: `${name}-${index + 1}${kind === "test" ? ".test" : ""}`,
        document,
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
