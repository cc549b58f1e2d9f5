import {
  exampleEntries,
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  oddText,
  withIntent,
  withOutcome,
} from "@message-sender/core/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type StoreFile, storeFile, valueOf } from "../test/store-file.ts";
import type { SqliteStore } from "./sqlite-store.ts";

describe("a store that is opened again", () => {
  let file: StoreFile;

  beforeEach(() => {
    file = storeFile();
  });

  afterEach(() => file.remove());

  it("has every document, key and WhatsApp id", async () => {
    const first = await file.open();
    const key = { key: "order-42", fingerprint: "f1" };
    const intended = withIntent(exampleMessage({ body: oddText, key }));
    const sent = withOutcome(intended, exampleOutcomes.Accepted);
    await valueOf(first.messages.accept(intended));
    await valueOf(first.messages.commit({ next: sent }));
    const { messages } = await reopen(file, first);
    for (const by of [
      { id: sent.id },
      { wamid: exampleOutcomes.Accepted.wamid },
      { tenantId: "tenant-1", key: key.key },
    ]) {
      expect(await valueOf(messages.find(by))).toEqual(sent);
    }
    expect(await valueOf(messages.accept(exampleMessage({ key })))).toEqual({ kind: "Known", message: sent });
  });

  it("has its outbox, and what the earlier opening had claimed is due at once", async () => {
    const first = await file.open();
    const ids: string[] = [];
    for (const conversationId of ["claimed", "postponed", "dead", "untouched"]) {
      const intended = withIntent(exampleMessage({ conversationId }));
      const sent = withOutcome(intended, exampleOutcomes.Accepted);
      await valueOf(first.messages.accept(intended));
      await valueOf(first.messages.commit({ next: sent, outbox: exampleEntries(intended, sent) }));
      if (conversationId !== "untouched") await valueOf(first.outbox.claim({ limit: 1, leaseMs: 30_000 }));
      ids.push(`${sent.id}:${sent.version}`);
    }
    const [claimed = "", postponed = "", dead = "", untouched = ""] = ids;
    await valueOf(first.outbox.settle([postponed], { retryAt: new Date(file.clock.now().getTime() + 60_000) }));
    await valueOf(first.outbox.settle([dead], "dead"));
    const { outbox } = await reopen(file, first);
    const again = await valueOf(outbox.claim({ limit: 10, leaseMs: 30_000 }));
    expect(again.map(({ id, earlierClaims }) => [id, earlierClaims])).toEqual([
      [claimed, 1],
      [untouched, 0],
    ]);
    await file.clock.advance(60_000);
    await valueOf(outbox.settle([claimed, untouched], "delivered"));
    const later = await valueOf(outbox.claim({ limit: 10, leaseMs: 30_000 }));
    expect(later.map(({ id }) => id)).toEqual([postponed]);
  });

  it("has its quota blocks with what is used of them", async () => {
    const first = await file.open();
    const block = { id: "block-1", tenantId: "tenant-1", granted: 10, expiresAt: exampleTime };
    await valueOf(first.quotaLedger.open(block));
    await valueOf(first.messages.accept(exampleMessage({ quotaBlockId: block.id })));
    const { quotaLedger } = await reopen(file, first);
    expect(await valueOf(quotaLedger.unsettled())).toEqual([{ block, used: 1 }]);
  });

  it("gives as overdue what earlier openings left unfinished, and nothing else", async () => {
    const first = await file.open();
    const [left, resumed, sent] = [withIntent(exampleMessage()), exampleMessage(), withIntent(exampleMessage())];
    for (const message of [left, resumed, sent]) await valueOf(first.messages.accept(message));
    await valueOf(first.messages.commit({ next: withOutcome(sent, exampleOutcomes.Accepted) }));
    expect(await valueOf(first.messages.overdue(10))).toEqual([]);
    const { messages } = await reopen(file, first);
    await valueOf(messages.accept(exampleMessage()));
    expect(await valueOf(messages.overdue(10))).toEqual([left, resumed]);
    expect(await valueOf(messages.overdue(1))).toEqual([left]);
    await valueOf(messages.commit({ next: withIntent(resumed) }));
    expect(await valueOf(messages.overdue(10))).toEqual([left]);
  });
});

async function reopen(file: StoreFile, store: SqliteStore): Promise<SqliteStore> {
  await store.close();
  return file.open();
}
