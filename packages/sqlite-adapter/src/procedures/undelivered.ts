import type { DatabaseSync } from "node:sqlite";

import { inRange, rangeOf } from "./outbox.ts";
import { prepare } from "./statement.ts";

export interface UndeliveredProcedures {
  /** The entries of a message, whose ids begin with one of the prefixes. */
  undelivered(prefixes: readonly string[]): readonly UndeliveredRow[];
  /** The deliveries of a message's entries that had failed before, or were late. */
  delivered(prefixes: readonly string[]): readonly DeliveredRow[];
  listDead(topic: string, tenantId: string | null, limit: number): readonly UndeliveredRow[];
}

export type UndeliveredRow = readonly [
  id: string,
  enqueuedAt: number,
  state: "waiting" | "dead",
  dueAt: number | null,
  isLeased: number,
  claims: number,
  why: string | null,
];

type DeliveredRow = readonly [id: string, enqueuedAt: number, deliveredAt: number, claims: number, why: string | null];

const columns = "id, enqueued_at, state, due_at, is_leased, claims, why";

/** What is left to deliver, for people. */
export function createUndeliveredProcedures(database: DatabaseSync): UndeliveredProcedures {
  const ofMessage = prepare<UndeliveredRow>(database, `SELECT ${columns} FROM outbox WHERE ${inRange}`);
  const late = prepare<DeliveredRow>(
    database,
    `SELECT id, enqueued_at, delivered_at, claims, why FROM late_deliveries WHERE ${inRange}`,
  );
  const dead = prepare<UndeliveredRow>(
    database,
    `SELECT ${columns} FROM outbox WHERE topic = ? AND state = 'dead' ORDER BY sequence LIMIT ?`,
  );
  const deadOfTenant = prepare<UndeliveredRow>(
    database,
    `SELECT ${columns} FROM outbox WHERE topic = ? AND tenant_id = ? AND state = 'dead' ORDER BY sequence LIMIT ?`,
  );
  return {
    undelivered: (prefixes) => prefixes.flatMap((prefix) => ofMessage.all(...rangeOf(prefix))),
    delivered: (prefixes) => prefixes.flatMap((prefix) => late.all(...rangeOf(prefix))),
    listDead: (topic, tenantId, limit) =>
      tenantId === null ? dead.all(topic, limit) : deadOfTenant.all(topic, tenantId, limit),
  };
}
