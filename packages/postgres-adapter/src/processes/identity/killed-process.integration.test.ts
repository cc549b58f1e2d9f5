import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { LineRef } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import { describe, expect, it, onTestFinished } from "vitest";

import { usePostgres } from "../../../../../tests/support/postgres.ts";
import { overdueIds, useProcesses } from "../../../test/stores.ts";
import type { PostgresStore } from "../../index.ts";

const postgres = usePostgres();
const { openProcess: open, schema } = useProcesses(postgres, { clock: createSystemClock() });
const script = fileURLToPath(new URL("../../../test/hold-line.ts", import.meta.url));

interface Left {
  readonly owner: string;
  readonly lines: readonly LineRef[];
  readonly inFlight: string;
}

/** A process that has left work unfinished in the store, under a lease of an hour. */
async function startHolder() {
  const child = spawn(process.execPath, ["--conditions=@message-sender/source", script, postgres.url, schema], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  onTestFinished(kill);
  const [said] = await once(child.stdout, "data");
  return { kill, left: JSON.parse(String(said)) as Left };
}

const claim = async ({ queue }: PostgresStore) => (await queue.claim(10))._unsafeUnwrap();

/** What the process gets of the work of another one. */
async function taken(store: PostgresStore) {
  const blocks = (await store.quotaLedger.unsettled())._unsafeUnwrap().map(({ block }) => block.id);
  return { lines: await claim(store), overdue: await overdueIds(store.messages), blocks };
}

const nothing = { lines: [], overdue: [], blocks: [] };
const all = ({ lines, inFlight }: Left) => ({ lines, overdue: [inFlight], blocks: ["block-1"] });

describe.skipIf(process.platform !== "linux")("the work of a process of the same machine", () => {
  it("is free as soon as the store is opened, if it was killed before", async () => {
    const { kill, left } = await startHolder();
    expect(left.lines).toHaveLength(1);
    await kill();
    expect(await taken((await open()).store)).toEqual(all(left));
  });

  it("stays its own while it lives, and is free with the first heartbeat of another one once it was killed", async () => {
    const { kill, left } = await startHolder();
    const { store, heartbeat } = await open();
    await heartbeat.beat();
    expect(await taken(store)).toEqual(nothing);
    await kill();
    await heartbeat.beat();
    expect(await taken(store)).toEqual(all(left));
    // Its heartbeats are evidence that the database could be reached.
    const rows = await postgres.query(`SELECT has_died, machine FROM ${schema}.processes WHERE id = $1`, [left.owner]);
    expect(rows).toEqual([{ has_died: true, machine: null }]);
  });

  it("is free if its process id is that of a later process now", async () => {
    const { left } = await startHolder();
    const { store, heartbeat } = await open();
    await postgres.query(`UPDATE ${schema}.processes SET started_ticks = started_ticks - 1 WHERE id = $1`, [
      left.owner,
    ]);
    await heartbeat.beat();
    expect(await taken(store)).toEqual(all(left));
  });

  it("stays its own if the machine is another one, which the lease must decide", async () => {
    const { kill, left } = await startHolder();
    await kill();
    await postgres.query(`UPDATE ${schema}.processes SET machine = machine || '-2' WHERE id = $1`, [left.owner]);
    expect(await taken((await open()).store)).toEqual(nothing);
  });
});
