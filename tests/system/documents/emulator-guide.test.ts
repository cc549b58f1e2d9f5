import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect, it } from "vitest";

import { openDocument } from "../../support/documented-blocks.ts";
import { startService } from "../../support/running-service.ts";

const run = promisify(execFile);
const guide = await openDocument("docs/test-with-the-emulator.md");

it("the commands of docs/test-with-the-emulator.md make a request fail, show its repeat, and reset", async () => {
  const { url, sandbox } = await startService();
  const env = { PATH: process.env["PATH"], SERVER: url, SANDBOX: sandbox.graphUrl };
  const { stdout } = await run("bash", ["-ec", guide.block("sh", "$SANDBOX/__emulator/faults")], { env });
  expect(stdout).toMatch(/"status":\s?"sent"/);
  expect(stdout).toContain('"fault":"fault-1"');
  expect(stdout).toContain('"message.status"');
  expect(sandbox.graph.requests).toEqual([]);
});

it("runs each of its blocks", () => {
  expect(guide.untested()).toEqual([]);
});
