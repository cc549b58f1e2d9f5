import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";

import { codeBlocks } from "./code-blocks.ts";
import { root } from "./examples.ts";

/** One `@example` of a docstring, or one block of TypeScript of a document. */
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

/** Every block of TypeScript in `docs`. */
export async function documentBlocks(): Promise<readonly DocstringExample[]> {
  const found: DocstringExample[] = [];
  for await (const file of glob("docs/*.md", { cwd: root })) {
    for (const { language, text } of codeBlocks(await readFile(join(root, file), "utf8")))
      if (language === "ts") found.push({ file: file.replace(/md$/, "ts"), text });
  }
  return found;
}

export function examplesIn(source: string): readonly string[] {
  return [...source.matchAll(/@example\b([\s\S]*?)(?=\n\s*\* @|\*\/)/g)].map(([, block = ""]) =>
    block
      .replace(/^[ \t]*\* ?/gm, "")
      .replace(/^```\w*$/gm, "")
      .trim(),
  );
}
