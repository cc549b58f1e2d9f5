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
