import { expect, it } from "vitest";

import { openDocument } from "../../support/documented-blocks.ts";
import { runWithNpx } from "../../support/npx.ts";
import { startService } from "../../support/running-service.ts";

const guide = await openDocument("docs/migrate-from-your-own-sender.md");

it("the commands of docs/migrate-from-your-own-sender.md show what is not finished", async () => {
  const service = await startService({ environment: { ON_AMBIGUOUS: "hold" } });
  service.sandbox.faults.add({ target: "graph.messages", effect: { reset: "after" } });
  const { body } = await service.send();
  const printed = await runWithNpx(guide.block("sh", "--status queued"), { MESSAGE_SENDER_URL: service.url });
  expect(printed).toContain(String(body["message_id"]));
});

it("runs each of its blocks", () => {
  expect(guide.untested()).toEqual([]);
});
