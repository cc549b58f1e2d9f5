import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { codeBlocks } from "../../../tools/readmes/code-blocks.ts";
import { guidePaths, readmePaths, root, runnableExamples } from "../../../tools/readmes/examples.ts";

const examples = await runnableExamples();

describe.each([...(await readmePaths()), ...(await guidePaths())])("%s", (path) => {
  it("says how to install everything that its examples import", async () => {
    const readme = await readFile(join(root, path), "utf8");
    const installed = codeBlocks(readme)
      .filter(({ language }) => language === "sh")
      .flatMap(({ text }) => [...text.matchAll(/^npm install (.+)$/gm)].flatMap(([, names = ""]) => names.split(" ")));
    const imported = examples.filter(({ document }) => document === path).flatMap(({ packages }) => packages);
    expect(installed).toEqual(expect.arrayContaining([...new Set(imported)]));
    if (path.startsWith("packages/")) expect(installed).toContain(`@message-sender/${path.split("/")[1]}`);
  });
});
