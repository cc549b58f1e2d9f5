import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { codeBlocks } from "../../../tools/readmes/code-blocks.ts";
import { root } from "../../../tools/readmes/examples.ts";
import { isForNpm, isNoCode, isTestedAnyway } from "../../support/documented-blocks.ts";

const textOf = (file: string) => readFile(join(root, file), "utf8");

async function textsOf(patterns: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const exclude = (path: string) => /(?:^|\/)(?:node_modules|dist|published)$/.test(path);
  for await (const file of glob([...patterns], { cwd: root, exclude })) texts.set(file, await textOf(file));
  return texts;
}

const documents = await textsOf(["*.md", "{docs,packages,examples,deploy}/**/*.md"]);
const tests = await textsOf(["{tests,tools}/**/*.test.ts"]);
const blocksOf = (document: string) => codeBlocks(documents.get(document) ?? "");

/** Written by a tool that has a test. */
const generated = ["docs/commands.md", "docs/configuration.md"];

describe.each([...documents.keys()].filter((document) => blocksOf(document).some((block) => !isTestedAnyway(block))))(
  "the code blocks of %s",
  (document) => {
    it("are run or checked by one test file, whose last test expects that none is left", () => {
      const opening = `openDocument("${document}")`;
      const testing = [...tests].filter(([, text]) => text.includes(opening) && text.includes(".untested()"));
      expect(
        testing.map(([file]) => file),
        `a test with ${opening} and .untested()`,
      ).toHaveLength(1);
    });
  },
);

it("few blocks are no code", () => {
  const all = [...documents.keys()].filter((document) => !generated.includes(document)).flatMap(blocksOf);
  expect(all.length).toBeGreaterThan(50);
  expect(all.filter(isNoCode).length).toBeLessThan(12);
});

const forNpm = [...documents.keys()].flatMap(blocksOf).filter(isForNpm);

it("what they install is a package of ours or one that we use, and what they run is a script", async () => {
  const packages = new Set<string>();
  const files = await textsOf(["package.json", "{packages,examples}/*/package.json", "tests/package.json"]);
  for (const text of files.values()) {
    const { name, dependencies = {}, devDependencies = {} } = JSON.parse(text) as PackageFile;
    for (const other of [name, ...Object.keys({ ...dependencies, ...devDependencies })]) packages.add(other);
  }
  const { scripts } = JSON.parse(await textOf("package.json")) as { scripts: Record<string, string> };
  const text = forNpm.map((block) => block.text).join("");
  const installed = [...text.matchAll(/npm install (.*)/g)].flatMap(([, names = ""]) => names.split(" "));
  expect(installed.length).toBeGreaterThan(10);
  expect(installed.filter((name) => !name.startsWith("--") && !packages.has(name))).toEqual([]);
  const run = [...text.matchAll(/npm run (\S+)/g)].map(([, name = ""]) => name);
  expect(run.length).toBeGreaterThan(1);
  expect(run.filter((name) => !(name in scripts))).toEqual([]);
});

interface PackageFile {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
