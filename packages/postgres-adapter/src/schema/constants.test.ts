import { readFile } from "node:fs/promises";

import { lateDeliveryMs, rateWindowMs } from "@message-sender/core/adapter";
import { expect, it } from "vitest";

/** SQL cannot import what the core calls by a name. */
it.each([
  ["settle-entries", `gone.enqueued_at <= at - interval '${lateDeliveryMs / 1000} seconds'`],
  ["book-slots", `lost_for CONSTANT bigint := ${rateWindowMs * 1000};`],
  ["report-rate", `lost_for CONSTANT bigint := ${rateWindowMs * 1000};`],
])("the procedure %s has the constant of the core", async (name, line) => {
  const sql = await readFile(new URL(`../../sql/procedures/${name}.sql`, import.meta.url), "utf8");
  expect(sql).toContain(line);
});
