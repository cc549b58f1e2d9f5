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

/** One plan for all values of the parameters, by index lookups: it is made before there are many rows. */
const onePlan = { plan_cache_mode: "force_generic_plan", enable_seqscan: "off", enable_nestloop: "off" };

const textOf = (values: object): string => `SELECT current_setting('transaction_read_only') AS read_only,
  current_setting('transaction_isolation') AS isolation, set_config('search_path', $1, true),
  ${Object.entries(values)
    .map(([name, value]) => `set_config('${name}', '${value}', true)`)
    .join(", ")}`;
const texts = { settings: textOf(settings), "settings for one plan": textOf({ ...settings, ...onePlan }) };

/**
 * Sends our settings ahead of the query, in the same packet and the same transaction. They last for the transaction only:
 * behind a pooler the next one may run on another connection, and a pooler may refuse settings at the start of a
 * connection. A statement without a name is planned each time, for its own parameters.
 */
export function withSettings(
  query: pg.Query,
  schema: string,
  { named, isPlannedOnce }: { readonly named: boolean; readonly isPlannedOnce: boolean },
): pg.Query {
  const submit = query.submit.bind(query);
  const kind = named && isPlannedOnce ? "settings for one plan" : "settings";
  query.submit = (connection) => {
    const { stream } = connection;
    const name = named ? kind : "";
    stream.cork();
    try {
      const prepared = preparedOn.get(connection) ?? new Set();
      if (!prepared.has(name)) connection.parse({ name, text: texts[kind], types: [] }, true);
      if (named) preparedOn.set(connection, prepared.add(name));
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

/** The settings that are prepared on each connection. */
const preparedOn = new WeakMap<pg.Connection, Set<string>>();

/** Applies the same settings to a transaction that has begun. */
export async function makeSettings(client: pg.ClientBase, schema: string): Promise<void> {
  await client.query(texts.settings, [schema]);
}
