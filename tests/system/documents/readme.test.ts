import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { describe, expect, it, onTestFinished } from "vitest";

import { codeBlocks } from "../../../tools/readmes/code-blocks.ts";
import { root } from "../../../tools/readmes/examples.ts";
import { openDocument } from "../../support/documented-blocks.ts";
import { npx } from "../../support/npx.ts";
import { bareEnvironment, quickProgram, serve } from "../../support/serve-process.ts";

const run = promisify(execFile);
const document = await openDocument("README.md");
const readme = document.text;
const shell = codeBlocks(readme)
  .filter(({ language }) => language === "sh")
  .map(({ text }) => text.trim());

describe("the README", () => {
  it("has at most 700 words", () => {
    expect(readme.split(/\s+/).length).toBeLessThanOrEqual(700);
  });

  it("links to each document", async () => {
    const documents = (await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md"));
    expect(documents.length).toBeGreaterThan(15);
    expect(documents.filter((name) => !readme.includes(`](docs/${name})`))).toEqual([]);
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
    const { stdout } = await run(process.execPath, [...quickProgram(), "demo"]);
    expect(stdout).toContain("Try it yourself");
  });

  it("names the test command, which is the one that runs this", () => {
    expect(shell[2]).toBe("npm ci && npm test");
  });

  it("makes a server and its first key, and sends to it with curl", async () => {
    const folder = await mkdtemp(join(tmpdir(), "readme-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [install, ...steps] = document.block("sh", "message-sender init").trim().split("\n");
    expect(install).toBe("npm install @message-sender/cli");
    expect(steps.pop()).toBe("npx message-sender serve --sandbox");
    const { ENV_FILE: _, ...environment } = bareEnvironment;
    const made = await run("bash", ["-ec", [npx, ...steps].join("\n")], { cwd: folder, env: environment });
    const [key = ""] = /^msk_\w+$/m.exec(made.stdout) ?? [];

    const { url } = await serve(["--sandbox"], { ENV_FILE: ".env" }, folder);
    const command = document.block("sh", "curl").replace("http://127.0.0.1:3000", url);
    const send = (MESSAGE_SENDER_API_KEY: string) =>
      run("bash", ["-ec", command], { env: { ...environment, MESSAGE_SENDER_API_KEY } });
    expect(JSON.parse((await send(key)).stdout)).toMatchObject({ status: "sent", reference: "order-17" });
    expect(JSON.parse((await send("")).stdout)).toMatchObject({ status: 401 });
  });

  it("each of its code blocks is run", () => {
    expect(document.untested()).toEqual([]);
  });
});

async function enginesOf(name: string): Promise<string> {
  const text = await readFile(join(root, "packages", name, "package.json"), "utf8");
  return (JSON.parse(text) as { engines: { node: string } }).engines.node;
}
