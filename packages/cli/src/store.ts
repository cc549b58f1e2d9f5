import type { Clock, QuotaCounters, Store as CoreStore } from "@message-sender/core";
import { createInMemoryStore } from "@message-sender/core/in-memory";
import { openPostgresStore } from "@message-sender/postgres-adapter";
import { openSqliteStore } from "@message-sender/sqlite-adapter";

/** The store behind a sender, and how to close it. */
export interface Store extends CoreStore {
  readonly quotaCounters: QuotaCounters;
  close?(): Promise<void>;
}

const sqlite = "sqlite:";

/** Opens what `DATABASE_URL` names. Throws, naming the setting, when that cannot be used. */
export async function openStore(databaseUrl: string, clock: Clock): Promise<Store> {
  if (databaseUrl === "memory:") return createInMemoryStore({ clock });
  const opened = databaseUrl.startsWith(sqlite)
    ? await openSqliteStore(databaseUrl.slice(sqlite.length), { clock })
    : await openPostgresStore(databaseUrl, { clock });
  if (opened.isErr()) throw new Error(`DATABASE_URL: ${opened.error.reason}`);
  return opened.value;
}

export function isDatabaseUrl(text: string): boolean {
  if (text.startsWith(sqlite)) return text.length > sqlite.length;
  return text === "memory:" || (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text));
}

/** The URL without its password. */
export function describeDatabaseUrl(text: string): string {
  const url = URL.parse(text);
  if (!url?.password) return text;
  url.password = "redacted";
  return url.href;
}
