import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { type CodeBlock, codeBlocks } from "../../tools/readmes/code-blocks.ts";
import { root } from "../../tools/readmes/examples.ts";

/** A document whose code blocks a test file runs or checks. */
export interface Document {
  readonly text: string;
  /** The first block of the language with this text in it. From now on it counts as tested. Throws if there is none. */
  block(language: string, has: string): string;
  /** The first block of TypeScript that begins with the comment `// <name>`. */
  program(name: string): string;
  /** All blocks of the language that are not tested yet. From now on they are. */
  blocks(language: string): readonly string[];
  /** Leaves a block to another test file, which names its text too. */
  leaveTo(testFile: string, language: string, has: string): Promise<void>;
  /** The blocks that nothing has tested so far. The last test of the file expects none. */
  untested(): readonly string[];
}

/** Opens a document, by its path from the repository's root. `blocks.test.ts` looks for this call. */
export async function openDocument(path: string): Promise<Document> {
  const text = await readFile(join(root, path), "utf8");
  const all = codeBlocks(text);
  const left = new Set(all.filter((block) => !isTestedAnyway(block)));

  function take(block: CodeBlock): string {
    left.delete(block);
    return block.text;
  }

  function find(language: string, has: string): CodeBlock {
    const found = all.find((block) => block.language === language && block.text.includes(has));
    if (!found) throw new Error(`${path} has no block of ${language} with ${has}`);
    return found;
  }

  return {
    text,
    block: (language, has) => take(find(language, has)),
    program: (name) => find("ts", `// ${name}\n`).text,
    async leaveTo(testFile, language, has) {
      take(find(language, has));
      const test = await readFile(join(root, testFile), "utf8");
      if (!test.includes(path) || !test.includes(has)) throw new Error(`${testFile} does not test ${has} of ${path}`);
    },
    blocks: (language) => [...left].filter((block) => block.language === language).map(take),
    untested: () => [...left].map(({ language, text: code }) => `${language}: ${code}`),
  };
}

/**
 * Whether a block needs no test of its document. TypeScript is compiled, and run if it is a program: `docstring-examples.test.ts` and
 * `readme-examples.test.ts`. What is part of one is run in `typescript-fragments.test.ts`. `blocks.test.ts` knows what npm runs and installs. The rest is nothing to run.
 */
export function isTestedAnyway(block: CodeBlock): boolean {
  return block.language === "ts" || isForNpm(block) || isNoCode(block);
}

/** A fragment, which is marked, a drawing, or what a program prints. */
export function isNoCode({ language, mark }: CodeBlock): boolean {
  return language === "" || language === "console" || mark === "fragment";
}

/** Whether a block only installs packages, and runs scripts of the repository. */
export function isForNpm({ language, text }: CodeBlock): boolean {
  const commands = text.trim().split(/\n| && /);
  return language === "sh" && commands.every((command) => /^npm (ci|test|run [\w:]+|install [\w@/ -]+)$/.test(command));
}
