import type pg from "pg";

/** What the server reports about the transaction of a statement. */
export interface SettingsRow {
  /** `on` on a standby and on a read-only server. */
  readonly read_only: "on" | "off";
  readonly isolation: string;
}

const settings = {
  // Our statements are short. Where the server has its just-in-time compiler, compiling one would take ten times as long as the rest.
  jit: "off",
  synchronous_commit: "on",
  statement_timeout: "10s",
  lock_timeout: "5s",
  idle_in_transaction_session_timeout: "30s",
};

const text = `SELECT current_setting('transaction_read_only') AS read_only,
  current_setting('transaction_isolation') AS isolation, set_config('search_path', $1, true),
  ${Object.entries(settings)
    .map(([name, value]) => `set_config('${name}', '${value}', true)`)
    .join(", ")}`;

/**
 * Sends our settings ahead of the query, in the same packet and the same transaction. They last for the transaction only:
 * behind a pooler the next one may run on another connection, and a pooler may refuse settings at the start of a
 * connection.
 */
export function withSettings(query: pg.Query, schema: string, { named }: { readonly named: boolean }): pg.Query {
  const submit = query.submit.bind(query);
  const name = named ? "settings" : "";
  query.submit = (connection) => {
    const { stream } = connection;
    stream.cork();
    try {
      if (!(named && hasSettings.has(connection))) connection.parse({ name, text, types: [] }, true);
      if (named) hasSettings.add(connection);
      connection.bind({ statement: name, values: [schema] }, true);
      connection.describe({ type: "P", name: "" }, true);
      connection.execute({}, true);
      return submit(connection);
    } finally {
      stream.uncork();
    }
  };
  return query;
}

/** Connections on which the settings statement is prepared. */
const hasSettings = new WeakSet<pg.Connection>();

/** Applies the same settings to a transaction that has begun. */
export async function makeSettings(client: pg.ClientBase, schema: string): Promise<void> {
  await client.query(text, [schema]);
}
