import type { MessageStore } from "@message-sender/core";
import { createManualClock } from "@message-sender/core/in-memory";
import { onTestFinished } from "vitest";

import { openPostgresStore, type PostgresStore } from "@message-sender/postgres-adapter";

export const clock = createManualClock();

/** A store that is closed when its test is over. */
export async function openStore(url: string, schema: string): Promise<PostgresStore> {
  const store = (await openPostgresStore(url, { clock, schema }))._unsafeUnwrap();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= store.close());
  onTestFinished(close);
  return { ...store, close };
}

export async function overdueIds(messages: MessageStore): Promise<string[]> {
  return (await messages.overdue(100))._unsafeUnwrap().map(({ id }) => id);
}
