import { type Clock, createSteadyTime, type SteadyTime } from "@message-sender/core/adapter";

import type { Database } from "../database/database.ts";

const databaseTime = { name: "time", text: "SELECT clock_timestamp() AS at" };
const times = new WeakMap<Clock, Promise<SteadyTime>>();

/**
 * The time by which rows are due: the database's clock at the first opening, continued by the monotonic time of `clock`.
 * Processes with different wall clocks therefore agree, and all stores of one process have exactly the same time.
 */
export function sharedTime(database: Database, clock: Clock): Promise<SteadyTime> {
  const known = times.get(clock);
  if (known) return known;
  const time = readTime(database, clock);
  times.set(clock, time);
  time.catch(() => times.delete(clock));
  return time;
}

async function readTime(database: Database, clock: Clock): Promise<SteadyTime> {
  const { rows } = await database.run<{ at: Date }>(databaseTime);
  return createSteadyTime(clock, rows[0]?.at);
}
