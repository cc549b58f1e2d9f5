import { setTimeout as sleep } from "node:timers/promises";

import type { Database } from "../database/database.ts";

/** Says that this process lives; whoever has not said so for 45 seconds counts as dead. */
export interface Presence {
  /** Says goodbye, so that others need not wait for the 45 seconds. */
  leave(): Promise<void>;
}

const heartbeat = { name: "heartbeat", text: "SELECT beat($1)" };
const goodbye = { name: "goodbye", text: "DELETE FROM processes WHERE id = $1" };
/** Well below the 10 seconds that `is_dead` waits after an outage for the others' heartbeats. */
const heartbeatEveryMs = 5000;
const repeatAfterMs = 1000;

export async function announce(database: Database, owner: string): Promise<Presence> {
  await database.run(heartbeat, [owner]);
  const leaving = new AbortController();

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: leaving.signal, ref: false }).catch(() => {});
  }

  async function beat(): Promise<void> {
    for (let waitMs = heartbeatEveryMs; ;) {
      await pause(waitMs);
      if (leaving.signal.aborted) return;
      waitMs = await database.run(heartbeat, [owner]).then(
        () => heartbeatEveryMs,
        () => repeatAfterMs,
      );
    }
  }
  const beating = beat();

  return {
    async leave() {
      leaving.abort();
      await beating;
      await database.run(goodbye, [owner]).catch(() => {});
    },
  };
}
