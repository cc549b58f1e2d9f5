import type { Database } from "./database.ts";

/** Says that this process lives; whoever has not said so for 45 seconds counts as dead. */
export interface Presence {
  /** Says goodbye, so that others need not wait for the 45 seconds. */
  leave(): Promise<void>;
}

const heartbeat = {
  name: "heartbeat",
  text: "INSERT INTO processes (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET heartbeat_at = now()",
};
const goodbye = { name: "goodbye", text: "DELETE FROM processes WHERE id = $1" };
const heartbeatEveryMs = 10_000;

export async function announce(database: Database, owner: string): Promise<Presence> {
  await database.run(heartbeat, [owner]);
  let beating: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    // A beat that is lost is made up for by the next.
    beating = database.run(heartbeat, [owner]).catch(() => {});
  }, heartbeatEveryMs);
  timer.unref();

  return {
    async leave() {
      clearInterval(timer);
      await beating;
      await database.run(goodbye, [owner]).catch(() => {});
    },
  };
}
