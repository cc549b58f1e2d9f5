import { exampleMessage, exampleOutlet, exampleTime, exampleWebhook } from "@message-sender/core/contracts";
import pg from "pg";
import { describe, expect, it, onTestFinished, vi } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { useProcesses } from "../../test/stores.ts";
import type { PostgresStore } from "../index.ts";

const postgres = usePostgres();
const { openTwo } = useProcesses(postgres);

describe("two processes on one database", () => {
  it("forget everything old together, each thing once, while new messages arrive", async () => {
    const { first, second } = await openTwo();
    const keys = Array.from({ length: 100 }, (_, index) => ({ key: `order-${index}`, fingerprint: "f" }));
    const conclusion = { as: "exhausted", at: exampleTime } as const;
    const old = keys.map((key) => ({ ...exampleMessage({ key }), conclusion }));
    await Promise.all(old.map((message) => first.messages.accept(message)));
    await Promise.all([first, second].map(({ webhookInbox }) => webhookInbox.add([exampleWebhook()], false)));
    const now = new Date(exampleTime.getTime() + 1);
    const before = {
      keys: now,
      messages: now,
      parkedStatuses: now,
      webhooks: now,
      recipients: now,
      outboxEntries: now,
    };
    const forget = async ({ retention }: PostgresStore): Promise<number> => {
      for (let sum = 0; ;) {
        const forgotten = (await retention.forget(before, 7))._unsafeUnwrap();
        if (forgotten === 0) return sum;
        sum += forgotten;
      }
    };
    const fresh = keys.map((key) => exampleMessage({ key, acceptedAt: now }));
    const [ours, theirs, answers] = await Promise.all([
      forget(first),
      forget(second),
      Promise.all(fresh.map(async (message) => (await first.messages.accept(message))._unsafeUnwrap())),
    ]);
    const purged = ours + theirs - old.length - 2;
    expect(purged).toBeGreaterThanOrEqual(0);
    expect(purged).toBeLessThanOrEqual(keys.length);
    for (const [index, { kind }] of answers.entries()) {
      const stored = (
        await first.messages.find({ tenantId: exampleOutlet.tenantId, key: `order-${index}` })
      )._unsafeUnwrap();
      expect(stored).toEqual(kind === "New" ? fresh[index] : undefined);
    }
    expect(await forget(first)).toBe(0);
    for (const { id } of old) expect((await second.messages.find({ id }))._unsafeUnwrap()).toBeUndefined();
  });

  it("keep a message that one changes while the other is about to forget it", async () => {
    const { first, second, schema } = await openTwo();
    const message = { ...exampleMessage(), conclusion: { as: "exhausted" as const, at: exampleTime } };
    (await first.messages.accept(message))._unsafeUnwrap();
    const changing = new pg.Client(postgres.url);
    onTestFinished(() => changing.end());
    await changing.connect();
    await changing.query("BEGIN");
    await changing.query(`UPDATE ${schema}.messages SET revision = revision + 1`);
    const at = new Date(exampleTime.getTime() + 1);
    const forgetting = second.retention.forget(
      { keys: at, messages: at, parkedStatuses: at, webhooks: at, recipients: at, outboxEntries: at },
      9,
    );
    const isWaiting = async () =>
      (
        await postgres.query(
          `SELECT FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~ 'forget'`,
        )
      ).length > 0;
    await vi.waitUntil(isWaiting, { timeout: 120_000 });
    await changing.query("COMMIT");
    expect((await forgetting)._unsafeUnwrap()).toBe(0);
    expect((await first.messages.find({ id: message.id }))._unsafeUnwrap()).toEqual(message);
  });
});
