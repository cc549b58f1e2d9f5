import type { MessageStore } from "@message-sender/core/adapter";
import {
  exampleEntries,
  exampleMessage,
  exampleOutcomes,
  withIntent,
  withOutcome,
} from "@message-sender/core/contracts";
import type { AnotherProcess, StoreSubject } from "@message-sender/core/contracts";
import { createManualClock } from "@message-sender/core/in-memory";
import { afterAll, beforeAll, beforeEach, onTestFinished } from "vitest";

import { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from "@message-sender/postgres-adapter";

import { createDatabase, type Database } from "../src/database/database.ts";
import { openOnDatabase, type Opened } from "../src/open-on-database.ts";
import type { TestPostgres } from "../../../tests/support/postgres.ts";

export const clock = createManualClock();

/** However slow the machine is, no process loses its lease. */
export const longLeaseMs = 3_600_000;

/** Opens a store, with connections of its own, that is closed when its test has finished. */
export async function openStore(
  url: string,
  schema: string,
  options: Partial<PostgresStoreOptions> = {},
): Promise<PostgresStore> {
  const opened = await openPostgresStore(url, { clock, schema, processLeaseMs: longLeaseMs, ...options });
  return closeWithTest(opened._unsafeUnwrap());
}

function closeWithTest(store: PostgresStore): PostgresStore {
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= store.close());
  onTestFinished(close);
  return { ...store, close };
}

/** The connections of all stores of a file, in the schema that a store has by default. They stay open when a store is closed. */
export function useDatabase(urlOf: () => string): () => Database {
  let database: Database | undefined;
  beforeAll(() => void (database = createDatabase(urlOf(), { maxConnections: 6, schema: "message_sender" })));
  afterAll(() => database?.close());
  return () => {
    if (!database) throw new Error("The database can be used once the tests run.");
    return { ...database, close: async () => {} };
  };
}

/** One store for all tests of a file, in the schema that a store has by default. */
export function useStore(postgres: TestPostgres): () => PostgresStore {
  let store: PostgresStore | undefined;
  beforeAll(
    async () =>
      void (store = (await openPostgresStore(postgres.url, { clock, processLeaseMs: longLeaseMs }))._unsafeUnwrap()),
  );
  afterAll(() => store?.close());
  return () => {
    if (!store) throw new Error("The store is open once the tests run.");
    return store;
  };
}

/** An empty store for the contract suites. */
export async function subjectOf(postgres: TestPostgres, database: Database): Promise<StoreSubject> {
  const ownClock = createManualClock();
  const parkedStatusCapacity = 50;
  await emptyStore(postgres);
  const options = { clock: ownClock, parkedStatusCapacity, processLeaseMs: longLeaseMs };
  const { store, heartbeat } = await openOnDatabase(database, options);
  const others: PostgresStore[] = [];

  async function anotherProcess(): Promise<AnotherProcess> {
    let pausedMs = 0;
    const other = await openOnDatabase(database, options, () => performance.now() + pausedMs);
    others.push(other.store);
    return {
      queue: other.store.queue,
      lease: other.store.lease,
      async lapse() {
        pausedMs += longLeaseMs;
        await postgres.query(
          "UPDATE message_sender.processes SET lease_until = now() - interval '1 second' WHERE id = $1",
          [other.owner],
        );
        await heartbeat.beat();
      },
      wake: other.heartbeat.beat,
      async beat() {
        for (const one of [heartbeat, other.heartbeat, heartbeat]) await one.beat();
      },
    };
  }

  return {
    ...store,
    anotherProcess,
    async close() {
      await Promise.all(others.map((one) => one.close()));
      await store.close();
    },
    clock: ownClock,
    advance: ownClock.advance,
    shiftWallClock: ownClock.stepWall,
    // Fails as a server with a full disk does.
    async refuseCommits(isRefusing) {
      for (const table of ["messages", "processes"]) {
        await postgres.query(
          isRefusing
            ? `CREATE OR REPLACE FUNCTION message_sender.refuse() RETURNS trigger LANGUAGE plpgsql
                 AS $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$;
               CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON message_sender.${table} EXECUTE FUNCTION message_sender.refuse()`
            : `DROP TRIGGER refuse ON message_sender.${table}`,
        );
      }
    },
    parkedStatusCapacity,
  };
}

/** Deletes what earlier tests of the file left in its store, which costs a tenth of creating another one. */
export async function emptyStore(postgres: TestPostgres): Promise<void> {
  const tables = await postgres.query(
    `SELECT tablename AS name FROM pg_tables
       WHERE schemaname = 'message_sender' AND tablename NOT IN ('migrations', 'store_stamp', 'number_rates', 'partitions')`,
  );
  await postgres.query(tables.map(({ name }) => `DELETE FROM message_sender.${String(name)}`).join(";"));
}

/** Two stores on one new schema, as two processes have them. For tests that need new tables or other options. */
export async function openTwoInNewSchema(
  postgres: TestPostgres,
  options: Partial<PostgresStoreOptions> = {},
): Promise<{ first: PostgresStore; second: PostgresStore; schema: string }> {
  const schema = postgres.freshSchema();
  const [first, second] = await Promise.all([
    openStore(postgres.url, schema, options),
    openStore(postgres.url, schema, options),
  ]);
  return { first, second, schema };
}

/**
 * The store of a test file, as several processes open it. Each of them closes it when its test has finished. The store is empty when a test
 * begins. Connections stay open for the processes of the next test, which costs far less than a schema for each test.
 */
export function useProcesses(postgres: TestPostgres, options: Partial<PostgresStoreOptions> = {}) {
  const schema = "message_sender";
  const databases = Array.from({ length: 3 }, () => useDatabase(() => postgres.url));
  let count = 0;
  beforeEach(async () => {
    count = 0;
    await emptyStore(postgres);
  });

  async function openProcess(): Promise<Opened> {
    const database = databases[count];
    if (!database) throw new Error(`There are at most ${databases.length} processes.`);
    count += 1;
    const opened = await openOnDatabase(database(), { clock, processLeaseMs: longLeaseMs, ...options });
    return { ...opened, store: closeWithTest(opened.store) };
  }

  async function openOne(): Promise<PostgresStore> {
    return (await openProcess()).store;
  }

  async function openTwo() {
    const [first, second] = await Promise.all([openOne(), openOne()]);
    return { first, second, schema };
  }

  return { openProcess, openOne, openTwo, schema };
}

/** Accepts a message, and commits that it was sent. */
export async function send({ messages }: PostgresStore, conversationId: string): Promise<void> {
  const intended = withIntent(exampleMessage({ conversationId }));
  const sent = withOutcome(intended, exampleOutcomes.Accepted);
  (await messages.accept(intended))._unsafeUnwrap();
  (await messages.commit({ next: sent, outbox: exampleEntries(intended, sent) }))._unsafeUnwrap();
}

export async function overdueIds(messages: MessageStore): Promise<string[]> {
  return (await messages.overdue(100))._unsafeUnwrap().map(({ id }) => id);
}
