import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

import { expect, it } from "vitest";

const run = promisify(execFile);

it.each(["first-message", "embedded-send", "embedded-graph"])("%s runs, and ends well", async (example) => {
  const script = new URL(`${example}/index.ts`, import.meta.url).pathname;
  const { stdout, stderr } = await run(process.execPath, ["--conditions=@message-sender/source", script]);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/sent/);
});

it("a first message takes at most 15 lines", async () => {
  const text = await readFile(new URL("first-message/index.ts", import.meta.url), "utf8");
  expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(15);
});

it.each(["add-cell", "move-tenant"])("cells/%s says how it is called", async (name) => {
  const script = new URL(`cells/${name}.ts`, import.meta.url).pathname;
  const { code, stderr } = await run(process.execPath, [script]).then(
    () => ({ code: 0, stderr: "" }),
    (error: { readonly code: number; readonly stderr: string }) => error,
  );
  expect([code, stderr]).toEqual([2, expect.stringMatching(new RegExp(`^Usage: node ${name}\\.ts .+\\n$`))]);
});
