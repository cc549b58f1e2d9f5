import { DatabaseSync } from "node:sqlite";

import { expect, it, vi } from "vitest";

import { migrate } from "../schema/migrate.ts";
import { createBacklogProcedures } from "./backlog.ts";

it("the counts of the backlog follow an index, and stop at their limit", () => {
  const database = new DatabaseSync(":memory:");
  migrate(database);
  const prepared = vi.spyOn(database, "prepare");
  createBacklogProcedures(database);
  const statements = prepared.mock.calls.map(([sql]) => sql);
  prepared.mockRestore();
  const plans = statements.map((sql) => database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
  const steps = plans.flat().map(({ detail }) => String(detail).replace(/ \(.*/, ""));
  expect(steps.filter((step) => step !== "SCAN")).toEqual([
    "CO-ROUTINE",
    "SCAN messages USING COVERING INDEX messages_by_due_at",
    "CO-ROUTINE",
    "COMPOUND QUERY",
    "LEFT-MOST SUBQUERY",
    "SEARCH lines USING COVERING INDEX lines_free",
    "SEARCH messages USING COVERING INDEX messages_by_due_at",
    "UNION ALL",
    "SEARCH lines USING COVERING INDEX lines_held",
    "SEARCH messages USING COVERING INDEX messages_by_due_at",
    "CO-ROUTINE",
    "SEARCH outbox USING INDEX outbox_queues",
    "CO-ROUTINE",
    "SEARCH outbox USING COVERING INDEX outbox_dead",
    "CO-ROUTINE",
    "SCAN parked_statuses USING COVERING INDEX parked_statuses_by_age",
    "CO-ROUTINE",
    "SCAN quota_blocks",
  ]);
  for (const sql of statements) expect(sql).toMatch(/LIMIT \? \+ 0\)$/);
  database.close();
});
