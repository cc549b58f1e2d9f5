import { expect, it } from "vitest";

import { openDocument } from "../../support/documented-blocks.ts";
import { startService } from "../../support/running-service.ts";
import { runShell } from "../../support/shell.ts";

const guide = await openDocument("docs/test-with-the-emulator.md");

it("the commands of docs/test-with-the-emulator.md make a request fail, show its repeat, and reset", async () => {
  const { url, sandbox } = await startService();
  const script = guide.block("sh", "$SANDBOX/__emulator/faults");
  const printed = await runShell(script, { SERVER: url, SANDBOX: sandbox.graphUrl });
  expect(printed).toMatch(/"status":\s?"sent"/);
  expect(printed).toContain('"fault":"fault-1"');
  expect(printed).toContain('"message.status"');
  expect(sandbox.graph.requests).toEqual([]);
});

it("runs each of its blocks", () => {
  expect(guide.untested()).toEqual([]);
});
