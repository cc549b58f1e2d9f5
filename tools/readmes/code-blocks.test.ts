import { expect, it } from "vitest";

import { codeBlocks } from "./code-blocks.ts";

it("gives each block with its language, and no other text", () => {
  const markdown =
    "# Title\n\n```sh\nnpm test\n```\n\nInline ```code``` stays.\n\n```ts\nconst a = `b`;\n\nvoid a;\n```\n";
  expect(codeBlocks(markdown)).toEqual([
    { language: "sh", text: "npm test\n" },
    { language: "ts", text: "const a = `b`;\n\nvoid a;\n" },
  ]);
});

it("gives the mark of a block, and blocks without a language or within a list", () => {
  const markdown =
    "```http fragment\nGET /\n```\n\n```\na ← b\n```\n\n1. Run\n\n   ```sh\n   npm ci\n\n   npm test\n   ```\n";
  expect(codeBlocks(markdown)).toEqual([
    { language: "http", mark: "fragment", text: "GET /\n" },
    { language: "", text: "a ← b\n" },
    { language: "sh", text: "npm ci\n\nnpm test\n" },
  ]);
});
