import { readdirSync, readFileSync } from "node:fs";

import pg from "pg";

/** What a PostgreSQL on this machine has used since its start. */
interface PostgresUsage {
  /** Of all its processes, also of those that have ended. */
  readonly cpuMicros: number;
  readonly walBytes: number;
}

export interface PostgresMeter {
  usage(): Promise<PostgresUsage>;
  close(): Promise<void>;
}

/** Checkpoints write whole pages into the log: with none during a bench, rounds can be compared. */
const settings = ["max_wal_size = '16GB'", "checkpoint_timeout = '1h'"];
/** A tick of `/proc/<pid>/stat`, on all platforms that Node runs on. */
const microsPerTick = 10_000;

/** Measures the PostgreSQL of `url` by its processes, of which it asks for one. */
export async function meterPostgres(url: string): Promise<PostgresMeter> {
  const client = new pg.Client(url);
  await client.connect();
  for (const setting of settings) await client.query(`ALTER SYSTEM SET ${setting}`);
  await client.query("SELECT pg_reload_conf()");
  await client.query("CHECKPOINT");
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const postmaster = statOf(rows[0]?.pid ?? 0)?.parent;
  if (postmaster === undefined) throw new Error("the bench needs a PostgreSQL on this machine");

  return {
    async usage() {
      const wal = await client.query<{ bytes: string }>("SELECT pg_current_wal_insert_lsn() - '0/0' AS bytes");
      return { cpuMicros: cpuTicksOf(postmaster) * microsPerTick, walBytes: Number(wal.rows[0]?.bytes) };
    },
    close: () => client.end(),
  };
}

function cpuTicksOf(postmaster: number): number {
  const own = statOf(postmaster);
  const children = readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat?.parent === postmaster);
  return [own, ...children].reduce((sum, stat) => sum + (stat?.ticks ?? 0), own?.ticksOfEnded ?? 0);
}

/** Undefined: the process has ended. */
function statOf(pid: number) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program, in parentheses, may have spaces.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [parent, user, system, userOfEnded, systemOfEnded] = [1, 11, 12, 13, 14].map((at) => Number(fields[at]));
    if (parent === undefined) return undefined;
    return {
      parent,
      ticks: (user ?? 0) + (system ?? 0),
      ticksOfEnded: (userOfEnded ?? 0) + (systemOfEnded ?? 0),
    };
  } catch {
    return undefined;
  }
}
