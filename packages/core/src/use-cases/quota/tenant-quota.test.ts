import { expect, it } from "vitest";

import { text } from "../../content/text.ts";
import { createTestPorts } from "../../in-memory/index.ts";
import { createMessageSender } from "../message-sender.ts";

it("says what of a tenant's quota is used, and what of that is only reserved", async () => {
  const ports = createTestPorts();
  const sender = createMessageSender(ports);
  const tenantId = "acme";
  const before = (await sender.quotaOf(tenantId))._unsafeUnwrap();
  expect(before).toMatchObject({ used: 0, unused: 0 });
  const command = { tenantId, outletId: "main", conversationId: "c", to: "+15550001111", content: text("Hello") };
  (await ports.clock.runUntil(Promise.resolve(sender.send(command))))._unsafeUnwrap();
  const { limit, used, unused } = (await sender.quotaOf(tenantId))._unsafeUnwrap();
  expect(limit).toBe(before.limit);
  expect(used - unused).toBe(1);
  expect(unused).toBeGreaterThan(0);
  await ports.clock.runUntil(sender.close());
  expect((await sender.quotaOf(tenantId))._unsafeUnwrap()).toMatchObject({ used: 1, unused: 0 });
});

it("is unavailable if the quota cannot say it", async () => {
  const { quota, ...ports } = createTestPorts();
  const sender = createMessageSender({ ...ports, quota: { reserve: quota.reserve, settle: quota.settle } });
  expect((await sender.quotaOf("acme"))._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable" });
});
