import type { MessageStore } from "@message-sender/core";
import {
  exampleEntries,
  exampleMessage,
  exampleOutcomes,
  withIntent,
  withOutcome,
} from "@message-sender/core/contracts";
import type { StoreSubject } from "@message-sender/core/contracts";
import { createManualClock } from "@message-sender/core/in-memory";
import { onTestFinished } from "vitest";

import { openPostgresStore, type PostgresStore } from "@message-sender/postgres-adapter";

import type { TestPostgres } from "../../../tests/support/postgres.ts";

export const clock = createManualClock();

/** A store that is closed when its test is over. */
export async function openStore(url: string, schema: string): Promise<PostgresStore> {
  const store = (await openPostgresStore(url, { clock, schema }))._unsafeUnwrap();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= store.close());
  onTestFinished(close);
  return { ...store, close };
}

/** An empty store that the contracts can be tried on. */
export async function subjectOf(postgres: TestPostgres, url = postgres.url): Promise<StoreSubject> {
  const ownClock = createManualClock();
  const schema = postgres.freshSchema();
  const parkedStatusCapacity = 50;
  const store = (await openPostgresStore(url, { clock: ownClock, schema, parkedStatusCapacity }))._unsafeUnwrap();
  return {
    ...store,
    clock: ownClock,
    advance: ownClock.advance,
    shiftWallClock: ownClock.stepWall,
    // As a server does whose disk is full.
    async refuseCommits(isRefusing) {
      for (const table of ["messages", "processes"]) {
        await postgres.query(
          isRefusing
            ? `CREATE OR REPLACE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql
                 AS $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$;
               CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON ${schema}.${table} EXECUTE FUNCTION ${schema}.refuse()`
            : `DROP TRIGGER refuse ON ${schema}.${table}`,
        );
      }
    },
    parkedStatusCapacity,
  };
}

/** Two stores, as two processes have them, on what is new and theirs alone. */
export async function openTwo(
  postgres: TestPostgres,
): Promise<{ first: PostgresStore; second: PostgresStore; schema: string }> {
  const schema = postgres.freshSchema();
  const [first, second] = await Promise.all([openStore(postgres.url, schema), openStore(postgres.url, schema)]);
  return { first, second, schema };
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
