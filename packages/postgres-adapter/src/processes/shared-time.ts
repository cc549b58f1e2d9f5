import { type Clock, createSteadyTime, type SteadyTime } from "@message-sender/core";

import type { Database } from "../database/database.ts";

const databaseTime = { name: "time", text: "SELECT clock_timestamp() AS at" };
const times = new WeakMap<Clock, Promise<SteadyTime>>();

/**
 * The time by which rows are due: the database's clock as it was at the first opening, gone on from there by `clock`'s
 * monotonic time. Processes whose wall clocks differ share it, and stores of one process have exactly the same.
 */
export function timeOf(database: Database, clock: Clock): Promise<SteadyTime> {
  const known = times.get(clock);
  if (known) return known;
  const time = begin(database, clock);
  times.set(clock, time);
  time.catch(() => times.delete(clock));
  return time;
}

async function begin(database: Database, clock: Clock): Promise<SteadyTime> {
  const { rows } = await database.run<{ at: Date }>(databaseTime);
  return createSteadyTime(clock, rows[0]?.at);
}
