import type { Unavailable } from "@message-sender/core";
import pg from "pg";

/** Shutdowns, lost connections, full connection slots, and transactions that lost against another one. */
const passing = /^(08...|57P0[123]|53300|40001|40P01)$/;

/** Whether the same statement may succeed at once on another connection. It may have been applied all the same. */
export function mayPass(cause: unknown): boolean {
  return cause instanceof pg.DatabaseError ? passing.test(cause.code ?? "") : true;
}

export function toUnavailable(cause: unknown): Unavailable {
  const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  const said = code ?? (cause instanceof Error ? cause.message : "unknown");
  return { kind: "Unavailable", reason: `the PostgreSQL store failed: ${said}`, cause };
}
