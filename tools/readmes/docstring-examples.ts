import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";

import { root } from "./examples.ts";

/** One `@example` of a docstring. */
export interface DocstringExample {
  /** The file that it stands in, from the repository's root. */
  readonly file: string;
  readonly text: string;
}

/** Every `@example` of the packages' sources. */
export async function docstringExamples(): Promise<readonly DocstringExample[]> {
  const found: DocstringExample[] = [];
  for await (const file of glob("packages/*/src/**/*.ts", { cwd: root, exclude: ["**/*.test.ts"] })) {
    for (const text of examplesIn(await readFile(join(root, file), "utf8"))) found.push({ file, text });
  }
  return found.toSorted((one, other) => one.file.localeCompare(other.file, "en"));
}

export function examplesIn(source: string): readonly string[] {
  return [...source.matchAll(/@example\b([\s\S]*?)(?=\n\s*\* @|\*\/)/g)].map(([, block = ""]) =>
    block
      .replace(/^[ \t]*\* ?/gm, "")
      .replace(/^```\w*$/gm, "")
      .trim(),
  );
}
