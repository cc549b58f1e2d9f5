import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { openDocument } from "../../support/documented-blocks.ts";
import { runWithNpx } from "../../support/npx.ts";
import { startService, until } from "../../support/running-service.ts";

const guide = await openDocument("docs/queue.md");

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "message-sender-queue-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

it.each([
  ["campaign.csv", "Hello Anna"],
  ["visits.csv", "visit_tomorrow"],
])("the block that sends %s sends its two lines", async (file, content) => {
  const { url, sandbox } = await startService();
  const path = await folder();
  const block = guide.block("sh", `cat > ${file}`);
  const printed = await runWithNpx(block, { MESSAGE_SENDER_URL: url }, path);
  expect(printed).toBe(`2 of 2 messages are accepted. Results: ${file}.results.csv\n`);
  await until(() => sandbox.graph.requestCount === 2);
  const repeated = await runWithNpx(block, { MESSAGE_SENDER_URL: url }, path);
  expect(repeated).toBe(`2 of 2 messages are accepted, 2 of them earlier. Results: ${file}.results.csv\n`);
  expect(sandbox.graph.requestCount).toBe(2);
  expect(JSON.stringify(sandbox.graph.messages)).toContain(content);
  expect(await readFile(join(path, `${file}.results.csv`), "utf8")).toMatch(/^line,message_id,status,problem,detail/);
});

it("the block that shows the queue shows it", async () => {
  const { url } = await startService();
  const shown = await runWithNpx(guide.block("sh", "message-sender queue"), { MESSAGE_SENDER_URL: url });
  expect(shown).toBe("0 queued, 0 due, lag 0.0 s\n");
});

it("the blocks that stop and go on pause and resume, and change what matches", async () => {
  const { url } = await startService();
  const paused = await runWithNpx(guide.block("sh", "message-sender pause"), { MESSAGE_SENDER_URL: url });
  expect(paused.match(/"id": "outlet:acme:jakarta-1"/g)).toHaveLength(3);
  const changed = await runWithNpx(guide.block("sh", "message-sender cancel"), { MESSAGE_SENDER_URL: url });
  expect(changed).toBe("No messages match.\nNo messages match.\n");
});

it("runs each of its blocks", () => {
  expect(guide.untested()).toEqual([]);
});
