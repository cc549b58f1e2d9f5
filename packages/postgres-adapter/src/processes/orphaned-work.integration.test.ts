import { due, exampleMessage, exampleTime, withIntent, withReport } from "@message-sender/core/contracts";
import { describe, expect, it } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { clock, overdueIds, send, useProcesses } from "../../test/stores.ts";

const postgres = usePostgres();
const { openTwo, openOne } = useProcesses(postgres);

/** As if every process had sent its heartbeats for a while. */
async function beSteady(schema: string): Promise<void> {
  await postgres.query(`UPDATE ${schema}.processes SET steady_since = now() - interval '20 seconds'`);
}

describe("what a process that ended left unfinished", () => {
  it("is overdue for the others at once if it closed its store", async () => {
    const { first, second } = await openTwo();
    const message = exampleMessage();
    (await first.messages.accept(message))._unsafeUnwrap();
    await send(first, "conversation-1");
    expect(await overdueIds(first.messages)).toEqual([]);
    expect(await overdueIds(second.messages)).toEqual([]);
    await first.close();
    expect(await overdueIds(second.messages)).toEqual([message.id]);
  });

  it("is overdue after 45 seconds of silence, and belongs to whoever commits it then", async () => {
    const { first, second, schema } = await openTwo();
    const third = await openOne();
    const message = exampleMessage({ key: { key: "k", fingerprint: "f" } });
    const block = { id: "block-1", tenantId: "tenant-1", granted: 5, expiresAt: clock.now() };
    (await first.messages.accept(message))._unsafeUnwrap();
    (await first.quotaLedger.open(block, "request-1"))._unsafeUnwrap();
    await beSteady(schema);
    const silentFor = (seconds: number) =>
      postgres.query(
        `UPDATE ${schema}.processes SET heartbeat_at = now() - make_interval(secs => $1)
           WHERE id = (SELECT owner FROM ${schema}.messages WHERE id = $2)`,
        [seconds, message.id],
      );

    await silentFor(44);
    expect(await overdueIds(second.messages)).toEqual([]);
    expect((await second.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([]);
    await silentFor(46);
    expect(await overdueIds(first.messages)).toEqual([]);
    expect(await overdueIds(second.messages)).toEqual([message.id]);
    expect((await second.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([{ block, used: 1, unfinished: 1 }]);

    (await second.messages.commit({ next: withIntent(message) }))._unsafeUnwrap();
    expect(await overdueIds(second.messages)).toEqual([]);
    expect(await overdueIds(third.messages)).toEqual([]);
  });

  it("stays with its owner if another process has only recorded a webhook", async () => {
    const { first, second } = await openTwo();
    const third = await openOne();
    const intended = withIntent(exampleMessage());
    (await first.messages.accept(intended))._unsafeUnwrap();
    const proved = withReport(intended, "sent");
    (await second.messages.commit({ next: proved, isBystander: true }))._unsafeUnwrap();
    expect(await overdueIds(third.messages)).toEqual([]);
    await first.close();
    expect(await overdueIds(second.messages)).toEqual([intended.id]);
    expect(await overdueIds(third.messages)).toEqual([intended.id]);
  });

  it("may be a request for a block, which is listed for the others once it has ended", async () => {
    const { first, second } = await openTwo();
    const [answered, withdrawn, open] = ["1", "2", "3"].map((id) => ({ id, tenantId: "t", amount: 5, ttlMs: 60_000 }));
    for (const request of [answered, withdrawn, open]) {
      if (request) (await first.quotaLedger.request(request))._unsafeUnwrap();
    }
    const block = { id: "block-1", tenantId: "t", granted: 5, expiresAt: exampleTime };
    (await first.quotaLedger.open(block, "1"))._unsafeUnwrap();
    (await first.quotaLedger.withdraw("2"))._unsafeUnwrap();
    expect((await first.quotaLedger.requested())._unsafeUnwrap()).toEqual([open]);
    expect((await second.quotaLedger.requested())._unsafeUnwrap()).toEqual([]);
    await first.close();
    expect((await second.quotaLedger.requested())._unsafeUnwrap()).toEqual([open]);
    (await second.quotaLedger.open({ ...block, id: "block-3" }, "3"))._unsafeUnwrap();
    expect((await second.quotaLedger.requested())._unsafeUnwrap()).toEqual([]);
  });

  it("is due in the queue, not overdue, unless an attempt is in flight", async () => {
    const { first, second } = await openTwo();
    const [queued, inFlight] = [0, 1].map(() => exampleMessage({ mode: "queued", acceptedAt: clock.now() }));
    if (!queued || !inFlight) throw new Error("There are two.");
    for (const message of [queued, withIntent(inFlight)]) (await first.messages.accept(message))._unsafeUnwrap();
    await first.close();
    expect(await due(second)).toEqual([queued]);
    expect(await overdueIds(second.messages)).toEqual([inFlight.id]);
  });

  it("does not include its own row for ever", async () => {
    const { first, second, schema } = await openTwo();
    const message = exampleMessage();
    (await first.messages.accept(message))._unsafeUnwrap();
    await postgres.query(
      `UPDATE ${schema}.processes SET heartbeat_at = now() - interval '25 hours'
         WHERE id = (SELECT owner FROM ${schema}.messages WHERE id = $1)`,
      [message.id],
    );
    const long = new Date(0);
    const before = {
      keys: long,
      messages: long,
      parkedStatuses: long,
      webhooks: long,
      recipients: long,
      outboxEntries: long,
    };
    expect((await second.retention.forget(before, 100))._unsafeUnwrap()).toBe(0);
    expect(await postgres.query(`SELECT FROM ${schema}.processes`)).toHaveLength(1);
    expect(await overdueIds(second.messages)).toEqual([message.id]);
  });
});
