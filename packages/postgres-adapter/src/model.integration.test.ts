import type { ClaimedEntry, Message, R } from "@message-sender/core";
import { exampleEntries, exampleMessage, exampleTime } from "@message-sender/core/contracts";
import { createInMemoryStore, createManualClock, type InMemoryStore } from "@message-sender/core/in-memory";
import fc from "fast-check";
import { expect, it } from "vitest";

import { changed, type Step, step } from "../test/model-steps.ts";
import { usePostgres } from "../test/postgres.ts";
import { openPostgresStore } from "./index.ts";

const postgres = usePostgres();

it("answers as the in-memory store does, whatever is done", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      const clock = createManualClock();
      const schema = postgres.freshSchema();
      const store = (await openPostgresStore(postgres.url, { clock, schema, maxConnections: 4 }))._unsafeUnwrap();
      try {
        await agree(steps, createInMemoryStore({ clock }), store, clock.advance);
      } finally {
        await store.close();
      }
    }),
    { numRuns: 25 },
  );
}, 60_000);

async function agree(
  steps: readonly Step[],
  model: InMemoryStore,
  store: InMemoryStore,
  advance: (ms: number) => Promise<void>,
): Promise<void> {
  const messages: Message[] = [];
  const claimed = new Set<string>();

  /** Does the same to both, and gives what both answered. */
  async function both<T, E>(work: (subject: InMemoryStore) => R<T, E>): Promise<T> {
    const expected = await work(model);
    expect(await work(store)).toEqual(expected);
    return expected._unsafeUnwrap();
  }

  for (const one of steps) {
    if (one.kind === "advance") await advance(one.ms);
    else if (one.kind === "accept") {
      const message = messageOf(one);
      const answer = await both((subject) => subject.messages.accept(message));
      if (answer.kind === "New") messages.push(message);
    } else if (one.kind === "commit") {
      const index = one.message % Math.max(messages.length, 1);
      const message = messages[index];
      if (!message) continue;
      const next = changed(one.isStale ? { ...message, revision: message.revision - 1 } : message, one.change);
      const outbox = exampleEntries(message, next);
      const answer = await both((subject) => subject.messages.commit({ next, outbox }));
      messages[index] = answer.message;
    } else if (one.kind === "claim") {
      const options = { limit: 100, leaseMs: 30_000 };
      const entries = await both((subject) => subject.outbox.claim(options).map(byId));
      for (const { id } of entries) claimed.add(id);
    } else if (one.kind === "settle") {
      const id = [...claimed][one.entry % Math.max(claimed.size, 1)];
      if (id === undefined) continue;
      const retryAt = new Date(exampleTime.getTime() + Number(one.as));
      await both(({ outbox }) => outbox.settle([id], typeof one.as === "number" ? { retryAt } : one.as));
    } else {
      const block = { id: `block-${one.block}`, tenantId: "tenant-0", granted: 9, expiresAt: exampleTime };
      await both(({ quotaLedger }) => quotaLedger[one.kind](block));
    }
    await both(({ quotaLedger }) => quotaLedger.unsettled().map((blocks) => blocks.toSorted(byBlock)));
  }
  for (const { id, request, idempotencyKey } of messages) {
    const { tenantId } = request.outlet;
    await both(({ messages: subject }) => subject.find({ id }));
    await both(({ messages: subject }) => subject.find({ wamid: `wamid.${id}` }));
    if (idempotencyKey) await both(({ messages: subject }) => subject.find({ tenantId, key: idempotencyKey.key }));
  }
}

function messageOf(one: Extract<Step, { kind: "accept" }>): Message {
  return exampleMessage({
    tenantId: `tenant-${one.tenant}`,
    conversationId: `conversation-${one.conversation}`,
    quotaBlockId: `block-${one.block}`,
    body: one.body,
    ...(one.key !== null && { key: { key: `key-${one.key}`, fingerprint: `f${one.fingerprint}` } }),
  });
}

function byId(entries: readonly ClaimedEntry[]): ClaimedEntry[] {
  return entries.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function byBlock(a: { block: { id: string } }, b: { block: { id: string } }): number {
  return a.block.id < b.block.id ? -1 : 1;
}
