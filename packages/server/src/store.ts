import type { Clock, QuotaCounters, Stamp, Store as CoreStore } from "@message-sender/core";
import { createInMemoryStore } from "@message-sender/core/in-memory";
import { openPostgresStore } from "@message-sender/postgres-adapter";
import { openSqliteStore } from "@message-sender/sqlite-adapter";

/** The store behind a sender, and how to close it. */
export interface Store extends CoreStore {
  readonly quotaCounters: QuotaCounters;
  close?(): Promise<void>;
  /** Closes it, and leaves no file behind that was not there before. */
  discard?(): Promise<void>;
}

const sqlite = "sqlite:";

/** Opens what `DATABASE_URL` names. Throws, naming the setting, when that cannot be used. */
export async function openStore(databaseUrl: string, clock: Clock, stamp: Stamp = "live"): Promise<Store> {
  if (databaseUrl === "memory:") return createInMemoryStore({ clock });
  const opened = databaseUrl.startsWith(sqlite)
    ? await openSqliteStore(sqlitePath(databaseUrl), { clock, stamp })
    : await openPostgresStore(databaseUrl, { clock, stamp });
  if (opened.isErr()) throw new Error(`DATABASE_URL: ${opened.error.reason}`);
  return opened.value;
}

export function isDatabaseUrl(text: string): boolean {
  if (text.startsWith(sqlite)) return text.length > sqlite.length && text !== `${sqlite}:memory:`;
  return text === "memory:" || (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text));
}

/** The file of a `sqlite:` URL. */
export function sqlitePath(databaseUrl: string): string {
  return databaseUrl.slice(sqlite.length);
}

/** What kind of store a `DATABASE_URL` names. */
export function storeKind(databaseUrl: string): "memory" | "sqlite" | "postgres" {
  if (databaseUrl === "memory:") return "memory";
  return databaseUrl.startsWith(sqlite) ? "sqlite" : "postgres";
}

/** Parameters of a PostgreSQL URL that cannot hold a secret. */
const harmless = new Set([
  "sslmode",
  "application_name",
  "connect_timeout",
  "host",
  "port",
  "dbname",
  "target_session_attrs",
]);

/** The URL without what may be secret in it: passwords, and the values of parameters that are not known to be harmless. */
export function describeDatabaseUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || storeKind(text) !== "postgres") return text;
  // A password with a /, ? or # that is not encoded ends the host before its @, and is the rest of the URL.
  if (/@/.test(url.pathname + url.search + url.hash)) return `${url.protocol}//${redacted}`;
  if (url.password !== "") url.password = redacted;
  for (const name of new Set(url.searchParams.keys())) if (!harmless.has(name)) url.searchParams.set(name, redacted);
  if (url.hash !== "") url.hash = redacted;
  return url.href;
}

const redacted = "redacted";
