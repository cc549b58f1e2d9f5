import type { Unavailable } from "@message-sender/core";
import pg from "pg";

/**
 * Shutdowns, lost connections, full connection slots, servers that take no writes, what a pooler does to prepared
 * statements, and transactions that lost against another one.
 */
const passing = /^(08...|57P0[1-5]|53300|25006|26000|42P05|40001|40P01)$/;

/** Whether the same statement may succeed at once on another connection. It may have been applied all the same. */
export function mayPass(cause: unknown): boolean {
  if (cause instanceof WrongIsolation) return false;
  return cause instanceof pg.DatabaseError ? passing.test(cause.code ?? "") : true;
}

/** A statement was prepared on a connection that somebody else has by now. */
export function isOfAPooler(cause: unknown): boolean {
  return cause instanceof pg.DatabaseError && (cause.code === "26000" || cause.code === "42P05");
}

/** A standby, or a server that was told to take no writes; it may have been a primary before. */
export function readOnlyServer(): Error {
  return Object.assign(new Error("the server takes no writes"), { code: "25006" });
}

export function isReadOnly(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "25006";
}

export function wrongIsolation(): Error {
  return new WrongIsolation("behind a pooler, the role's default_transaction_isolation must be read committed");
}

class WrongIsolation extends Error {}

const words: Readonly<Record<string, string>> = {
  "25006": "the server takes no writes",
  "53100": "the server's disk is full",
  MS001: "this process was taken for dead, and another one has taken over its units of quota",
};

export function toUnavailable(cause: unknown): Unavailable {
  const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  const said = code ?? (cause instanceof Error ? cause.message : "unknown");
  const explained = words[said];
  const reason = `the PostgreSQL store failed: ${said}${explained === undefined ? "" : ` (${explained})`}`;
  return { kind: "Unavailable", reason, cause };
}
