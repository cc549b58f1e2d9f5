import type pg from "pg";

import { createPacket, type Packet, type Value } from "./packet.ts";

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

// `set_config` is volatile, so PostgreSQL calls it although nobody reads what it returns.
const textOf = (values: object): string => `SELECT current_setting('transaction_read_only') AS read_only,
  current_setting('transaction_isolation') AS isolation FROM (
    SELECT set_config('search_path', $1, true), ${Object.entries(values)
      .map(([name, value]) => `set_config('${name}', '${value}', true)`)
      .join(", ")}
  ) AS made`;
const texts = { settings: textOf(settings), "settings for one plan": textOf({ ...settings, ...onePlan }) };

/** How the settings of a statement are made. */
interface SettingsOptions {
  readonly schema: string;
  readonly isPlannedOnce: boolean;
}

/**
 * Sends our settings ahead of the statement, in the same packet and the same transaction. They last for the transaction only:
 * behind a pooler the next one may run on another connection, and a pooler may refuse settings at the start of a
 * connection. A statement without a name is planned each time, for its own parameters.
 */
export function withSettings(
  query: pg.Query,
  { name = "", text }: { readonly name?: string | undefined; readonly text: string },
  values: readonly Value[],
  { schema, isPlannedOnce }: SettingsOptions,
): pg.Query {
  const kind = name !== "" && isPlannedOnce ? "settings for one plan" : "settings";
  query.submit = (connection) => {
    const session = sessions.get(connection) ?? { packet: createPacket(), prepared: new Map() };
    sessions.set(connection, session);
    const { packet } = session;
    for (const [statement, ofStatement, given] of [
      [name && kind, texts[kind], [schema]],
      [name, text, values],
    ] as const) {
      if (needsPreparation(session, statement, ofStatement)) packet.parse(statement, ofStatement);
      packet.run(statement, given);
    }
    if (connection.stream.writable) connection.stream.write(packet.end());
  };
  return query;
}

interface Session {
  readonly packet: Packet;
  /** The texts of the statements that are prepared on the connection, by name. The connection is closed when a statement fails. */
  readonly prepared: Map<string, string>;
}

function needsPreparation({ prepared }: Session, name: string, text: string): boolean {
  if (name === "") return true;
  const before = prepared.get(name);
  if (before === text) return false;
  if (before !== undefined) throw new Error(`two statements have the name "${name}"`);
  prepared.set(name, text);
  return true;
}

/** What is kept for each connection, which runs one statement at a time. */
const sessions = new WeakMap<pg.Connection, Session>();

/** Applies the same settings to a transaction that has begun. */
export async function makeSettings(client: pg.ClientBase, schema: string): Promise<void> {
  await client.query(texts.settings, [schema]);
}
