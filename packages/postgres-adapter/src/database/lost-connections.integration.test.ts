import type { Message } from "@message-sender/core";
import {
  exampleEntries,
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  exampleWebhook,
  oddText,
  withIntent,
  withOutcome,
} from "@message-sender/core/contracts";
import { describe, expect, it, onTestFinished, vi } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { startProxy } from "../../test/proxy.ts";
import { clock, openStore } from "../../test/stores.ts";
import { openPostgresStore } from "../index.ts";

const postgres = usePostgres();
const key = { key: "order-42", fingerprint: "f1" };

async function openBehindProxy() {
  const proxy = await startProxy(postgres.url);
  onTestFinished(proxy.close);
  return { proxy, store: await openStore(proxy.url, postgres.freshSchema()) };
}

describe("a connection that is lost after its statement was applied", () => {
  it("still accepts the message as New, once", async () => {
    const { proxy, store } = await openBehindProxy();
    const message = exampleMessage({ key });
    proxy.loseNextAnswer();
    expect((await store.messages.accept(message))._unsafeUnwrap()).toEqual({ kind: "New" });
    expect(proxy.lost).toBe(1);
    expect((await store.messages.accept(exampleMessage({ key })))._unsafeUnwrap()).toEqual({ kind: "Known", message });
  });

  it("still applies the commit, once, with its entry", async () => {
    const { proxy, store } = await openBehindProxy();
    const intended = withIntent(exampleMessage({ body: oddText }));
    const sent = withOutcome(intended, exampleOutcomes.Accepted);
    (await store.messages.accept(intended))._unsafeUnwrap();
    proxy.loseNextAnswer();
    const commit = await store.messages.commit({ next: sent, outbox: exampleEntries(intended, sent) });
    expect(commit._unsafeUnwrap()).toEqual({ applied: true, message: sent });
    expect(proxy.lost).toBe(1);
    expect((await store.outbox.claim("history", { limit: 9, leaseMs: 1000 }))._unsafeUnwrap()).toHaveLength(1);
  });

  it("does not make the loser of two commits the winner", async () => {
    const { proxy, store } = await openBehindProxy();
    const intended = withIntent(exampleMessage());
    const [winner, loser] = ["1", "2"].map((wamid) => withOutcome(intended, { ...exampleOutcomes.Accepted, wamid }));
    (await store.messages.accept(intended))._unsafeUnwrap();
    (await store.messages.commit({ next: winner as Message }))._unsafeUnwrap();
    proxy.loseNextAnswer();
    const commit = await store.messages.commit({ next: loser as Message });
    expect(proxy.lost).toBe(1);
    expect(commit._unsafeUnwrap()).toEqual({ applied: false, message: winner });
  });
});

describe("a statement that is repeated because its answer was lost", () => {
  it("takes units once", async () => {
    const { proxy, store } = await openBehindProxy();
    const request = { id: "request-1", tenantId: "tenant-1", period: "day", startsAt: exampleTime, limit: 10 };
    proxy.loseNextAnswer();
    const taken = await store.quotaCounters.take({ ...request, amount: 7 });
    expect(proxy.lost).toBe(1);
    expect(taken._unsafeUnwrap()).toEqual({ granted: 7, startsAt: exampleTime });
    const rest = await store.quotaCounters.take({ ...request, id: "request-2", amount: 7 });
    expect(rest._unsafeUnwrap().granted).toBe(3);
  });

  it("gives units back once", async () => {
    const { proxy, store } = await openBehindProxy();
    const request = { id: "request-1", tenantId: "tenant-1", period: "day", startsAt: exampleTime, limit: 10 };
    (await store.quotaCounters.take({ ...request, amount: 10 }))._unsafeUnwrap();
    proxy.loseNextAnswer();
    (await store.quotaCounters.settle("request-1", 8))._unsafeUnwrap();
    expect(proxy.lost).toBe(1);
    const rest = await store.quotaCounters.take({ ...request, id: "request-2", amount: 7 });
    expect(rest._unsafeUnwrap().granted).toBe(2);
  });

  it("opens a block in place of its request once", async () => {
    const { proxy, store } = await openBehindProxy();
    const block = { id: "block-1", tenantId: "tenant-1", granted: 5, expiresAt: exampleTime };
    (await store.quotaLedger.request({ id: "request-1", tenantId: "tenant-1", amount: 5, ttlMs: 1 }))._unsafeUnwrap();
    proxy.loseNextAnswer();
    (await store.quotaLedger.open(block, "request-1"))._unsafeUnwrap();
    expect(proxy.lost).toBe(1);
    expect((await store.quotaLedger.requested())._unsafeUnwrap()).toEqual([]);
    expect((await store.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([{ block, used: 0, unfinished: 0 }]);
  });

  it("stores a webhook and forwards it once", async () => {
    const { proxy, store } = await openBehindProxy();
    const webhook = exampleWebhook();
    proxy.loseNextAnswer();
    (await store.webhookInbox.add([webhook], true))._unsafeUnwrap();
    expect(proxy.lost).toBe(1);
    expect((await store.webhookInbox.list({ limit: 9, maxBytes: 1e9 }))._unsafeUnwrap().webhooks).toEqual([webhook]);
    expect((await store.outbox.claim("webhook", { limit: 9, leaseMs: 1000 }))._unsafeUnwrap()).toHaveLength(1);
  });

  it("revives each dead entry once", async () => {
    const { proxy, store } = await openBehindProxy();
    const options = { limit: 9, leaseMs: 1000 };
    (await store.webhookInbox.add([exampleWebhook(), exampleWebhook()], true))._unsafeUnwrap();
    const claimed = (await store.outbox.claim("webhook", options))._unsafeUnwrap();
    (
      await store.outbox.settle(
        claimed.map(({ id }) => id),
        "dead",
      )
    )._unsafeUnwrap();
    proxy.loseNextAnswer();
    (await store.outbox.revive("webhook"))._unsafeUnwrap();
    expect(proxy.lost).toBe(1);
    const revived = (await store.outbox.claim("webhook", options))._unsafeUnwrap();
    expect(revived.map(({ entry }) => entry.id).toSorted()).toEqual(claimed.map(({ entry }) => entry.id).toSorted());
  });
});

describe("a store whose connections are terminated", () => {
  it("keeps every acknowledged write, and continues", async () => {
    const schema = postgres.freshSchema();
    const named = new URL(postgres.url);
    named.searchParams.set("application_name", schema);
    const store = await openStore(named.href, schema);
    const acknowledged: Message[] = [];
    const failures: string[] = [];
    let isCutting = true;
    const traffic = Array.from({ length: 40 }, async () => {
      while (isCutting) {
        const message = exampleMessage();
        const accepted = await store.messages.accept(message);
        if (accepted.isErr()) {
          failures.push(accepted.error.reason);
          continue;
        }
        expect(accepted.value).toEqual({ kind: "New" });
        const committed = await store.messages.commit({ next: withIntent(message) });
        if (committed.isErr()) failures.push(committed.error.kind);
        else expect(committed.value.applied).toBe(true);
        acknowledged.push(committed.isOk() ? committed.value.message : message);
      }
    });
    try {
      for (let cuts = 0; cuts < 10;) {
        const before = acknowledged.length;
        await vi.waitUntil(() => acknowledged.length >= before + 10, { timeout: 120_000 });
        const cut = await postgres.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1",
          [schema],
        );
        if (cut.length > 0) cuts += 1;
      }
    } finally {
      isCutting = false;
      await Promise.all(traffic);
    }

    expect(failures).toEqual([]);
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);
    for (const message of acknowledged) {
      expect((await store.messages.find({ id: message.id }))._unsafeUnwrap()).toEqual(message);
    }
  });

  it("is Unavailable while there is no server, and cannot be opened", async () => {
    const { proxy, store } = await openBehindProxy();
    await proxy.close();
    const answers = await Promise.all([
      store.messages.accept(exampleMessage()),
      store.messages.find({ id: "any" }),
      store.outbox.claim("history", { limit: 1, leaseMs: 1 }),
    ]);
    for (const answer of answers) expect(answer._unsafeUnwrapErr().kind).toBe("Unavailable");
    const opening = await openPostgresStore(proxy.url, { clock, schema: postgres.freshSchema() });
    expect(opening._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable", reason: expect.stringContaining("ECONN") });
  });
});

describe("a message that PostgreSQL rejects", () => {
  it("does not fail the others of its batch", async () => {
    const store = await openStore(postgres.url, postgres.freshSchema());
    const [before, rejected, after] = [exampleMessage(), exampleMessage({ id: "nul\u0000" }), exampleMessage()];
    const answers = await Promise.all([before, rejected, after].map((message) => store.messages.accept(message)));
    expect(answers.map((answer) => answer.isOk())).toEqual([true, false, true]);
  });
});
