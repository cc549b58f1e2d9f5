import { exitCode } from "@message-sender/server/process";
import { migrateStore } from "@message-sender/server/store";
import type { Settings } from "@message-sender/server/settings";

import { printJson, printLine, printProblem } from "../print.ts";

/** Brings the store at `DATABASE_URL` up to date and prints its schema versions before and after. */
export async function migrate({ DATABASE_URL }: Settings, { json }: { readonly json: boolean }): Promise<number> {
  const migrated = await migrateStore(DATABASE_URL);
  if (migrated.isErr()) {
    printProblem(`DATABASE_URL: ${migrated.error.reason}`);
    return exitCode.failed;
  }
  const { from, to } = migrated.value;
  if (json) printJson({ from, to });
  else if (DATABASE_URL === "memory:") printLine("An in-memory store has nothing to migrate.");
  else if (from === to) printLine(`The store is up to date, at schema version ${to}.`);
  else printLine(`Migrated the store from schema version ${from} to ${to}.`);
  return exitCode.ok;
}
