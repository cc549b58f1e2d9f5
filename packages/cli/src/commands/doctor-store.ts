import { inspectPostgresStore } from "@message-sender/postgres-adapter";
import { type Settings, sqlitePath, storeKind } from "@message-sender/server/process";
import { inspectSqliteStore } from "@message-sender/sqlite-adapter";
import { request } from "undici";

/** The result of a check. */
export interface Check {
  readonly name: string;
  /** Undefined if the check passed. */
  readonly problem: string | undefined;
}

const timeoutMs = 5000;

/** Checks the store at `DATABASE_URL` without changing it. */
export function checkStore(settings: Settings): Promise<Check> {
  switch (storeKind(settings.DATABASE_URL)) {
    case "memory":
      return Promise.resolve({
        name: "in-memory store, which loses all messages when the server stops",
        problem: undefined,
      });
    case "sqlite":
      return checkSqlite(settings);
    case "postgres":
      return checkPostgres(settings);
  }
}

async function checkSqlite(settings: Settings): Promise<Check> {
  const path = sqlitePath(settings.DATABASE_URL);
  const found = await inspectSqliteStore(path);
  if (found.isErr()) return { name: "store", problem: `DATABASE_URL: ${found.error.reason}` };
  switch (found.value.kind) {
    case "Missing":
      return { name: `store at ${path}, which serve will create`, problem: undefined };
    case "InUse":
      return askItsServer(path, settings);
    case "Usable":
      return usable(`store at ${path}`, found.value);
  }
}

async function checkPostgres({ DATABASE_URL }: Settings): Promise<Check> {
  const found = await inspectPostgresStore(DATABASE_URL);
  return found.match<Check>(
    (store) => usable(`store on PostgreSQL ${store.serverVersion}`, store),
    ({ reason }) => ({ name: "store", problem: `DATABASE_URL: ${reason}` }),
  );
}

function usable(name: string, store: { readonly pendingMigrations: number; readonly stamp?: string }): Check {
  const problem = store.stamp === "sandbox" ? "it belongs to a sandbox: only serve --sandbox can open it" : undefined;
  return { name: `${name}${pendingText(store.pendingMigrations)}`, problem };
}

function pendingText(migrations: number): string {
  if (migrations === 0) return "";
  return `, with ${migrations} pending migration${migrations === 1 ? "" : "s"}, which serve will apply`;
}

/** Only the process that has a SQLite file open can tell whether the store works. */
async function askItsServer(path: string, { MESSAGE_SENDER_URL, HOST, PORT }: Settings): Promise<Check> {
  const name = `store at ${path}, in use by another process`;
  const own = `http://${HOST.includes(":") ? `[${HOST}]` : HOST}:${PORT}`;
  for (const url of new Set([MESSAGE_SENDER_URL, ...(PORT === 0 ? [] : [own])])) {
    const answer = await readinessOf(url);
    if (answer === undefined) continue;
    const problem = answer === 200 ? undefined : `the server at ${url} is not ready: /readyz answers ${answer}`;
    return { name: `${name}: the server at ${url}`, problem };
  }
  return {
    name,
    problem: `no server answers at ${MESSAGE_SENDER_URL}; set MESSAGE_SENDER_URL to the server that uses this store`,
  };
}

/** The HTTP status of `/readyz`. Undefined if no server answers. */
async function readinessOf(url: string): Promise<number | undefined> {
  try {
    const answer = await request(`${url}/readyz`, { headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
    await answer.body.dump();
    return answer.statusCode;
  } catch {
    return undefined;
  }
}
