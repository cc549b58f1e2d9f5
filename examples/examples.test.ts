import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect, it } from "vitest";

const run = promisify(execFile);

it.each(["embedded-send", "embedded-graph"])("%s runs, and ends well", async (example) => {
  const script = new URL(`${example}/index.ts`, import.meta.url).pathname;
  const { stdout, stderr } = await run(process.execPath, ["--conditions=@message-sender/source", script]);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/sent/);
});
