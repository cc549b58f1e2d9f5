import { createSteadyTime } from "@message-sender/core/adapter";
import { exampleTime } from "@message-sender/core/contracts";
import { createManualClock } from "@message-sender/core/in-memory";
import { expect, it } from "vitest";

import type { Database } from "../database/database.ts";
import { idAt } from "./dated-id.ts";
import { createPartitions } from "./partitions.ts";

const dayMs = 24 * 3_600_000;

/** A database that makes partitions when it is told to. */
function heldDatabase() {
  const made = new Set<number>();
  const held: (() => void)[] = [];
  const database = {
    async run(_statement: unknown, [dates]: readonly [readonly Date[]]) {
      await new Promise<void>((resolve) => held.push(resolve));
      for (const date of dates) made.add(Math.floor(date.getTime() / dayMs));
      return { rows: [...made].map((day) => ({ first_id: idAt(day * dayMs), end_id: idAt((day + 1) * dayMs) })) };
    },
  } as unknown as Database;
  return { database, made, held };
}

it("messages wait for the partition of their day, also while those of other days are being made", async () => {
  const { database, made, held } = heldDatabase();
  const partitions = createPartitions(database, createSteadyTime(createManualClock()), { days: 1 });
  const today = Math.floor(exampleTime.getTime() / dayMs);
  const idOf = (day: number): string => `${idAt((today + day) * dayMs + 1000)}-7000-8000-000000000001`;
  const first = partitions.ready([idOf(-5)]);
  await expect.poll(() => held.length).toBe(1);
  held[0]?.();
  await first;
  // Now those of today and tomorrow are being made.
  await expect.poll(() => held.length).toBe(2);
  const second = partitions.ready([idOf(-1)]);
  held[1]?.();
  await expect.poll(() => held.length).toBe(3);
  held[2]?.();
  await second;
  expect([...made].map((day) => day - today)).toEqual([-5, 0, 1, -1]);
});
