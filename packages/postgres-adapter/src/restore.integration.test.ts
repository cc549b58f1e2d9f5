import { statusOf } from "@message-sender/core";
import { due, exampleMessage, exampleOutcomes, withIntent, withOutcome } from "@message-sender/core/contracts";
import { createManualClock } from "@message-sender/core/in-memory";
import { openPostgresStore, restorePostgresStore } from "@message-sender/postgres-adapter";
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";

import { usePostgres } from "../../../tests/support/postgres.ts";

const postgres = usePostgres();
const schema = "message_sender";

/** The store as its backup has it: a copy of the database, which another process may open. */
async function copy(url: string): Promise<string> {
  const source = new URL(url);
  const name = `${source.pathname.slice(1)}_copy`;
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  const client = new pg.Client(maintenance.href);
  await client.connect();
  onTestFinished(async () => {
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await client.end();
  });
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${source.pathname.slice(1)}`);
  source.pathname = `/${name}`;
  return source.href;
}

it("holds what was unfinished, sends nothing of it, and leaves the database that was backed up as it is", async () => {
  const clock = createManualClock();
  const original = (await openPostgresStore(postgres.url, { clock, schema }))._unsafeUnwrap();
  const queued = Array.from({ length: 205 }, (_, index) =>
    exampleMessage({ mode: "queued", to: `+62812${index}`, acceptedAt: clock.now() }),
  );
  const inFlight = withIntent(exampleMessage({ acceptedAt: clock.now(), key: { key: "order-1", fingerprint: "f" } }));
  const sent = withOutcome(withIntent(exampleMessage({ acceptedAt: clock.now() })), exampleOutcomes.Accepted);
  for (const message of [...queued, inFlight, sent]) (await original.messages.accept(message))._unsafeUnwrap();
  const block = { id: "block-1", tenantId: "tenant-1", granted: 10, expiresAt: clock.now() };
  (await original.quotaLedger.open(block, "request-1"))._unsafeUnwrap();
  await original.close();

  const url = await copy(postgres.url);
  expect((await restorePostgresStore(url, { clock, schema }))._unsafeUnwrap()).toEqual({ held: 206 });
  expect((await restorePostgresStore(url, { clock, schema }))._unsafeUnwrap()).toEqual({ held: 0 });

  const restored = (await openPostgresStore(url, { clock, schema }))._unsafeUnwrap();
  onTestFinished(restored.close);
  expect((await restored.queue.claim(1000))._unsafeUnwrap()).toEqual([]);
  expect((await restored.messages.overdue(1000))._unsafeUnwrap()).toEqual([]);
  for (const { id } of [...queued, inFlight]) {
    const found = (await restored.messages.find({ id }))._unsafeUnwrap();
    expect(found && statusOf(found)).toBe("unknown");
  }
  expect((await restored.messages.find({ id: sent.id }))._unsafeUnwrap()).toEqual(sent);
  const tenantId = inFlight.request.outlet.tenantId;
  expect((await restored.messages.find({ tenantId, key: "order-1" }))._unsafeUnwrap()?.id).toBe(inFlight.id);
  expect((await restored.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([]);
  const events = (await restored.outbox.claim("status", { limit: 1000, leaseMs: 1000 }))._unsafeUnwrap();
  expect(events).toHaveLength(206);
  expect(new Set(events.map(({ entry }) => entry.status))).toEqual(new Set(["unknown"]));

  const again = (await openPostgresStore(postgres.url, { clock, schema }))._unsafeUnwrap();
  onTestFinished(again.close);
  expect(await due(again)).toHaveLength(205);
});

it("refuses a store that a server has open, and changes nothing in it", async () => {
  const clock = createManualClock();
  const own = postgres.freshSchema();
  const server = (await openPostgresStore(postgres.url, { clock, schema: own }))._unsafeUnwrap();
  onTestFinished(server.close);
  const message = exampleMessage({ mode: "queued", acceptedAt: clock.now() });
  (await server.messages.accept(message))._unsafeUnwrap();
  const refused = (await restorePostgresStore(postgres.url, { clock, schema: own }))._unsafeUnwrapErr();
  expect(refused.reason).toContain("a server has this store open");
  expect((await server.messages.find({ id: message.id }))._unsafeUnwrap()).toEqual(message);
});
