import type { PostgresInspection } from "@message-sender/postgres-adapter";

import { type Check, failed, passed, warned } from "../check.ts";

/** What decides whether a commit outlasts a crash. */
type Durability = Pick<
  PostgresInspection,
  "synchronousCommit" | "fsync" | "fullPageWrites" | "synchronousStandbys" | "standbys"
>;

const commits = "commits of PostgreSQL";
const replication = "replication of PostgreSQL";

/**
 * What breaks the promise that nothing accepted is lost: settings under which a commit that was answered does not outlast a crash of
 * the machine, or a failover (PostgreSQL, "Write Ahead Log" and "Replication" in "Server Configuration").
 */
export function durabilityOf(store: Durability): readonly Check[] {
  const found: Check[] = [];
  if (!store.fsync) {
    const problem = "fsync is off: a crash of its machine can lose or damage everything that was accepted";
    found.push(failed(commits, problem, "set fsync = on in postgresql.conf, and restart PostgreSQL"));
  }
  if (store.synchronousCommit === "off") {
    const problem =
      "synchronous_commit is off: a crash loses the last commits, except those of Message Sender, which turns it on for each";
    found.push(failed(commits, problem, "set synchronous_commit = on for the server, the database and the user"));
  }
  if (!store.fullPageWrites) {
    const problem = "full_page_writes is off: a crash of its machine can damage pages that were half written";
    found.push(
      warned(commits, problem, "set full_page_writes = on, unless the file system never writes half a page, as ZFS"),
    );
  }
  if (found.length === 0) found.push(passed(`${commits}: ${modeText(store)}`));
  return [...found, replicationOf(store)];
}

function modeText({ synchronousCommit, fsync, fullPageWrites }: Durability): string {
  const text = (isOn: boolean) => (isOn ? "on" : "off");
  return `synchronous_commit = ${synchronousCommit}, fsync = ${text(fsync)}, full_page_writes = ${text(fullPageWrites)}`;
}

function replicationOf({ synchronousStandbys: names, standbys }: Durability): Check {
  if (!standbys) {
    const configured = names === "" ? "commits wait for no standby" : `commits wait for a standby of ${names}`;
    return passed(`${replication}: ${configured}; this user may not see which are connected (pg_read_all_stats)`);
  }
  const needed = names === "" ? 0 : neededOf(names);
  if (standbys.synchronous < needed) {
    const connected = standbys.synchronous === 0 ? "none is connected" : `only ${standbys.synchronous} is connected`;
    const problem = `commits wait for ${needed === 1 ? "a standby" : `${needed} standbys`} of ${names}, but ${connected}: nothing is accepted`;
    return failed(replication, problem, "start the standby, or correct or clear synchronous_standby_names");
  }
  if (needed > 0) {
    return passed(`${replication}: commits wait for ${needed} of ${names}; ${standbys.synchronous} connected`);
  }
  if (standbys.connected === 0) return passed(`${replication}: no standbys`);
  const problem = `its ${standbys.connected === 1 ? "standby is" : `${standbys.connected} standbys are`} asynchronous: a failover loses what was committed last, and may send it again`;
  return warned(replication, problem, "name a standby in synchronous_standby_names");
}

/** `FIRST 2 (a, b)`, `ANY 2 (a, b)`, `2 (a, b)`, or names of which one suffices. */
function neededOf(names: string): number {
  return Number(/^\s*(?:(?:FIRST|ANY)\s+)?(\d+)\s*\(/i.exec(names)?.[1] ?? 1);
}
