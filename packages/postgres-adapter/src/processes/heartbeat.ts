import { setTimeout as sleep } from "node:timers/promises";

import type { Database } from "../database/database.ts";

/** Shows other processes that this one is alive. After 45 seconds of silence, a process may be presumed dead. */
export interface Heartbeat {
  /** Stops the heartbeat and records the end of this process, so that the others need not wait for 45 seconds. */
  stop(): Promise<void>;
}

const beat = { name: "heartbeat", text: "SELECT beat($1)" };
const goodbye = { name: "goodbye", text: "DELETE FROM processes WHERE id = $1" };
/** Well below the 10 seconds that `is_dead` waits for the heartbeats of others after an outage. */
const everyMs = 5000;
const afterFailureMs = 1000;

export async function startHeartbeat(database: Database, owner: string): Promise<Heartbeat> {
  await database.run(beat, [owner]);
  const stopping = new AbortController();

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
  }

  async function keepBeating(): Promise<void> {
    for (let waitMs = everyMs; ;) {
      await pause(waitMs);
      if (stopping.signal.aborted) return;
      waitMs = await database.run(beat, [owner]).then(
        () => everyMs,
        () => afterFailureMs,
      );
    }
  }
  const beating = keepBeating();

  return {
    async stop() {
      stopping.abort();
      await beating;
      await database.run(goodbye, [owner]).catch(() => {});
    },
  };
}
