import { exampleMessage } from "@message-sender/core/contracts";
import { encodeMessage } from "@message-sender/core/adapter";
import { beforeAll, describe, expect, it } from "vitest";

import { usePostgres } from "../../../tests/support/postgres.ts";
import { clock, openStore } from "../test/stores.ts";
import { openPostgresStore, type PostgresStore } from "./index.ts";

const postgres = usePostgres();
const schema = "busy";

/** Adds so many queued messages of a tenant, on so many outlets, that are due from then on, a millisecond apart. */
async function fill(
  tenantId: string,
  messages: number,
  outlets: number,
  dueIn: string,
  recipients = messages,
): Promise<void> {
  await postgres.query(
    `INSERT INTO ${schema}.messages (id, revision, tenant_id, outlet_id, conversation_id, recipient, type, accepted_at, status,
       needs_attention, quota_block_id, keeps_unit, finished, owner, due_at, order_at, delays_until, open, document)
     SELECT $1 || '-' || lpad(n::text, 6, '0'), 1, $1, 'outlet-' || n % $3, 'c', '+62812' || n % $5, 'text', now(), 'queued', false, 'b',
       true, false, gen_random_uuid(), at, at, at + interval '10 seconds', true, $6
     FROM (SELECT n, now() + $4::interval + n * interval '1 ms' AS at FROM generate_series(1, $2) n) due`,
    [tenantId, messages, outlets, dueIn, recipients, encodeMessage(exampleMessage({ tenantId, mode: "queued" }))],
  );
  await postgres.query(
    `INSERT INTO ${schema}.lines (tenant_id, outlet_id, due_at)
     SELECT $1, 'outlet-' || n, now() + $3::interval FROM generate_series(0, $2 - 1) n`,
    [tenantId, outlets, dueIn],
  );
}

/** How many rows and index entries of messages and lines a process reads meanwhile. A connection reports it when it is closed. */
async function readsOf(work: (store: PostgresStore) => Promise<unknown>): Promise<number> {
  const url = new URL(postgres.url);
  url.searchParams.set("application_name", schema);
  const store = await openStore(url.href, schema);
  const read = async () => {
    const [row] = await postgres.query(
      `SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE schemaname = $1 AND relname IN ('messages', 'lines'))
         + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE schemaname = $1 AND relname IN ('messages', 'lines')) AS reads`,
      [schema],
    );
    return Number(row?.["reads"]);
  };
  const connections = async () => {
    const found = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1";
    return (await postgres.query(found, [schema])).length;
  };
  const before = await read();
  await work(store);
  await store.close();
  await expect.poll(connections).toBe(0);
  return (await read()) - before;
}

beforeAll(async () => {
  await (await openPostgresStore(postgres.url, { clock, schema }))._unsafeUnwrap().close();
  await fill("scheduled", 50_000, 50_000, "7 days");
});

describe.each(["without statistics", "with statistics"])(
  "a queue with 50,000 outlets that have something for next week, %s",
  (kind) => {
    beforeAll(async () => {
      if (kind === "without statistics") return;
      // The flush counts the reads of these statements now, before a test counts its own.
      await postgres.query(
        `DELETE FROM ${schema}.messages WHERE tenant_id <> 'scheduled'; DELETE FROM ${schema}.lines WHERE tenant_id <> 'scheduled';
         SELECT pg_stat_force_next_flush()`,
      );
      await postgres.query(`VACUUM ANALYZE ${schema}.messages, ${schema}.lines`);
    });

    it("reads next to nothing in a round with nothing due", async () => {
      const rounds = 100;
      const reads = await readsOf(async ({ queue }) => {
        for (let round = 0; round < rounds; round += 1) expect((await queue.claim(256))._unsafeUnwrap()).toEqual([]);
      });
      expect(reads / rounds).toBeLessThan(5);
    });

    it("reads a few messages of a line on which thousands wait for one recipient", async () => {
      await fill("one", 5000, 1, "-2 hours", 1);
      const reads = await readsOf(async ({ queue }) => {
        const lines = (await queue.claim(10))._unsafeUnwrap();
        expect(lines).toEqual([{ tenantId: "one", outletId: "outlet-0" }]);
        expect((await queue.heads(lines, 4))._unsafeUnwrap()).toHaveLength(1);
      });
      expect(reads).toBeLessThan(1000);
    });

    it("counts a depth no further than asked, and past none of the messages that are finished", async () => {
      await postgres.query(
        `INSERT INTO ${schema}.messages (id, revision, tenant_id, outlet_id, conversation_id, recipient, type, accepted_at, status,
         needs_attention, quota_block_id, keeps_unit, finished, owner, document)
       SELECT 'finished-' || n, 1, 'one', 'outlet-0', 'c', '+62812', 'text', now() - interval '1 day', 'sent', false, 'b', true, true,
         gen_random_uuid(), '{}' FROM generate_series(1, 5000) n`,
      );
      const reads = await readsOf(async ({ queue }) =>
        expect((await queue.depth("one", 100))._unsafeUnwrap()).toBe(100),
      );
      expect(reads).toBeLessThan(500);
    });

    it("claims a line of each tenant before the second of another one, of which 10,000 are due", async () => {
      await fill("large", 10_000, 10_000, "-2 hours");
      await fill("small", 1, 1, "-1 hour");
      const { queue } = await openStore(postgres.url, schema);
      const claimed = (await queue.claim(3))._unsafeUnwrap();
      expect(claimed.map(({ tenantId }) => tenantId).toSorted()).toEqual(["large", "one", "small"]);
    });
  },
);
