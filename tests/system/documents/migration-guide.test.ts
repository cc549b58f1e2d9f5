import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect, it } from "vitest";

import { openDocument } from "../../support/documented-blocks.ts";
import { npx } from "../../support/npx.ts";
import { startService } from "../../support/running-service.ts";
import { bareEnvironment } from "../../support/serve-process.ts";

const run = promisify(execFile);
const guide = await openDocument("docs/migrate-from-your-own-sender.md");

it("the commands of docs/migrate-from-your-own-sender.md show what is not finished", async () => {
  const service = await startService({ environment: { ON_AMBIGUOUS: "hold" } });
  service.sandbox.faults.add({ target: "graph.messages", effect: { reset: "after" } });
  const { body } = await service.send();
  const env = { ...bareEnvironment, MESSAGE_SENDER_URL: service.url };
  const { stdout } = await run("bash", ["-ec", `${npx}\n${guide.block("sh", "--status queued")}`], { env });
  expect(stdout).toContain(String(body["message_id"]));
});

it("runs each of its blocks", () => {
  expect(guide.untested()).toEqual([]);
});
