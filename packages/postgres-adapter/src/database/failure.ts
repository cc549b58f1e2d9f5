import type { Unavailable } from "@message-sender/core";
import pg from "pg";

import { UnusableStore } from "../schema/unusable-store.ts";

/**
 * Lost connections, shutdowns, too many connections, servers that accept no writes, prepared statements that a pooler moved
 * to another connection, serialization failures and deadlocks.
 */
const transientCodes = /^(08...|57P0[1-5]|53300|25006|26000|42P05|40001|40P01)$/;

/** Whether the same statement may succeed at once on another connection. It may still have been applied. */
export function isTransient(cause: unknown): boolean {
  if (cause instanceof WrongIsolation) return false;
  return cause instanceof pg.DatabaseError ? transientCodes.test(cause.code ?? "") : true;
}

/** The connection on which the statement was prepared now belongs to another client of the pooler. */
export function isPoolerError(cause: unknown): boolean {
  return cause instanceof pg.DatabaseError && (cause.code === "26000" || cause.code === "42P05");
}

/** The server is a standby or is read-only. It may have been a primary before. */
export function readOnlyServer(): Error {
  return Object.assign(new Error(explanations["25006"]), { code: "25006" });
}

export function isReadOnly(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "25006";
}

export function wrongIsolation(): Error {
  return new WrongIsolation("behind a pooler, the role's default_transaction_isolation must be read committed");
}

class WrongIsolation extends Error {}

export const blockTakenOver = "this process was presumed dead, and another one has taken over its units of quota";

const explanations: Readonly<Record<string, string>> = {
  "25006": "the server accepts no writes",
  "53100": "the server's disk is full",
  MS001: blockTakenOver,
};

export function toUnavailable(cause: unknown): Unavailable {
  if (cause instanceof UnusableStore) return unusable(cause.message, cause);
  const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  const said = code ?? (cause instanceof Error ? cause.message : "unknown");
  const explanation = explanations[said];
  const reason = `the PostgreSQL store failed: ${said}${explanation === undefined ? "" : ` (${explanation})`}`;
  return { kind: "Unavailable", reason, cause };
}

function unusable(reason: string, cause: unknown): Unavailable {
  return { kind: "Unavailable", reason: `the PostgreSQL store cannot be used: ${reason}`, cause };
}
