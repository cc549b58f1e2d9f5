import { access, glob, readFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";

import { expect, it } from "vitest";

import { root } from "../../../tools/readmes/examples.ts";

const documents = await filesOf(["*.md", "docs/**/*.md", "packages/*/README.md", ".github/*.md", ".changeset/*.md"]);
const names = new Set(
  (await filesOf(["{docs,examples,packages,tests,tools}/**", "*.*"])).map((file) => basename(file)),
);

it.each(documents)("%s links to files that exist", async (document) => {
  const links = [...(await textOf(document)).matchAll(/\]\((?!\w+:|#)([^)#]+)[^)]*\)/g)].map(([, link = ""]) => link);
  expect(await missing(links.map((link) => join(dirname(document), link)))).toEqual([]);
});

it.each(documents)("%s links to sections that exist", async (document) => {
  const links = [...(await textOf(document)).matchAll(/\]\((?!\w+:)([^)#\s]*)#([^)]+)\)/g)];
  const missingSections = links.map(async ([link, target = "", anchor = ""]) => {
    const path = target === "" ? document : join(dirname(document), target);
    const file = path.endsWith(".md") ? path : join(path, "README.md");
    return (await anchorsOf(file)).has(anchor) ? [] : [link];
  });
  expect((await Promise.all(missingSections)).flat()).toEqual([]);
});

it.each(documents)("%s names files that exist", async (document) => {
  const codes = [...(await textOf(document)).matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  const paths = codes.flatMap((code) => /(?:^|\s)([\w.-]+(?:\/[\w.-]+)+)$/.exec(code)?.[1] ?? []).filter(isPath);
  const unknown = await missing(paths.filter((path) => !path.includes("*") && !built.includes(path)));
  const beyondPackages = await missing(unknown.map((path) => join("packages", path)));
  expect(await missing(beyondPackages.map((path) => path.replace(/^packages\/[^/]+/, "$&/src")))).toEqual([]);
  const files = codes.filter((code) => /^[\w.-]+\.(?:ts|sql|md)$/.test(code));
  expect(files.filter((file) => !names.has(file))).toEqual([]);
});

/** What `npm run docs` writes. */
const built = ["docs/reference"];

/** Whether it begins with a folder of the repository, or with a package, whose `src` may be left out. */
function isPath(code: string): boolean {
  return /^(?:docs|examples|packages|tests|tools|core|console|pages|http-adapter|emulator|(?:sqlite|postgres)-adapter|server|cli)\//.test(
    code,
  );
}

/** As GitHub forms them of headings, and those that are written out. */
async function anchorsOf(document: string): Promise<ReadonlySet<string>> {
  const text = await textOf(document);
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
  return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)"/g)].map(([, id = ""]) => id)]);
}

async function textOf(document: string): Promise<string> {
  return (await readFile(join(root, document), "utf8")).replace(/^```[\s\S]*?^```$/gm, "");
}

async function missing(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      access(join(root, path)).then(
        () => [],
        () => [path],
      ),
    ),
  );
  return found.flat();
}

async function filesOf(patterns: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  const exclude = (path: string) => /(?:^|\/)(?:node_modules|dist)$/.test(path);
  for await (const file of glob([...patterns], { cwd: root, exclude })) files.push(relative(root, join(root, file)));
  return files.toSorted();
}
