import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, it } from "vitest";

import { codeBlocks } from "../../../tools/readmes/code-blocks.ts";
import { root } from "../../../tools/readmes/examples.ts";
import { startService } from "../../support/running-service.ts";

const run = promisify(execFile);

it("the commands of docs/test-with-the-emulator.md make a request fail, show its repeat, and reset", async () => {
  const guide = await readFile(join(root, "docs/test-with-the-emulator.md"), "utf8");
  const commands = codeBlocks(guide).find(({ language, text }) => language === "sh" && text.includes("curl"));
  const { url, sandbox } = await startService();
  const env = { PATH: process.env["PATH"], SERVER: url, SANDBOX: sandbox.graphUrl };
  const { stdout } = await run("bash", ["-ec", commands?.text ?? ""], { env });
  expect(stdout).toMatch(/"status":\s?"sent"/);
  expect(stdout).toContain('"fault":"fault-1"');
  expect(stdout).toContain('"message.status"');
  expect(sandbox.graph.requests).toEqual([]);
});
