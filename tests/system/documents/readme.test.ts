import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { describe, expect, it } from "vitest";

import { codeBlocks } from "../../../tools/readmes/code-blocks.ts";
import { root } from "../../../tools/readmes/examples.ts";

const run = promisify(execFile);
const readme = await readFile(join(root, "README.md"), "utf8");
const shell = codeBlocks(readme)
  .filter(({ language }) => language === "sh")
  .map(({ text }) => text.trim());

describe("the README", () => {
  it("has at most 700 words", () => {
    expect(readme.split(/\s+/).length).toBeLessThanOrEqual(700);
  });

  it("begins with examples/first-message", async () => {
    const example = await readFile(join(root, "examples/first-message/index.ts"), "utf8");
    const [first] = codeBlocks(readme).filter(({ language }) => language === "ts");
    expect(first?.text.replace("; // sent\n", ";\n")).toBe(example);
  });

  it("names the Node versions that the packages allow", async () => {
    expect(readme).toContain("server and command: Node ≥ 24");
    expect(readme).toContain("library: Node ≥ 22.19");
    expect(await enginesOf("server")).toBe(">=24");
    expect(await enginesOf("cli")).toBe(">=24");
    expect(await enginesOf("core")).toBe(">=22.19");
  });

  it("names the demo, which succeeds", async () => {
    expect(shell[1]).toBe("npm ci && npm run demo");
    const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    expect(scripts["demo"]).toBe("message-sender demo");
    const cli = join(root, "packages/cli/src/main.ts");
    const { stdout } = await run(process.execPath, ["--conditions=@message-sender/source", cli, "demo"]);
    expect(stdout).toContain("Try it yourself");
  });

  it("names the test command, which is the one that runs this", () => {
    expect(shell[2]).toBe("npm ci && npm test");
    expect(shell).toHaveLength(3);
  });
});

async function enginesOf(name: string): Promise<string> {
  const text = await readFile(join(root, "packages", name, "package.json"), "utf8");
  return (JSON.parse(text) as { engines: { node: string } }).engines.node;
}
