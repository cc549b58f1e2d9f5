import { expect, it } from "vitest";

import { examplesOf } from "./examples.ts";

const script = `import { send } from "@message-sender/core/node";
import { ok } from "neverthrow";
import { join } from "node:path";

console.log(send(ok(join("a")))); // sent
console.log("twice"); // twice
`;
const test = `import { it } from "vitest";

it("passes", () => {});
`;

it("tells scripts from tests, with what they import and print", () => {
  const markdown = `# Core\n\n\`\`\`sh\nnpm install\n\`\`\`\n\n\`\`\`ts\n${script}\`\`\`\n\n\`\`\`ts\n${test}\`\`\`\n`;
  expect(examplesOf("packages/core/README.md", markdown)).toEqual([
    {
      name: "core-1",
      document: "packages/core/README.md",
      text: script,
      kind: "script",
      packages: ["@message-sender/core", "neverthrow"],
      printed: ["sent", "twice"],
    },
    {
      name: "core-2.test",
      document: "packages/core/README.md",
      text: test,
      kind: "test",
      packages: ["vitest"],
      printed: [],
    },
  ]);
});

it("names the examples of a guide after it", () => {
  expect(examplesOf("docs/embed.md", `\`\`\`ts\n${script}\`\`\`\n`).map(({ name }) => name)).toEqual(["embed-1"]);
});

it("names the examples of the main README after it", () => {
  expect(examplesOf("README.md", `\`\`\`ts\n${script}\`\`\`\n`).map(({ name }) => name)).toEqual(["main-1"]);
});
