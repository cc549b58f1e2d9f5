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
  if (cause instanceof WrongIsolation || isMisconfigured(cause)) return false;
  return cause instanceof pg.DatabaseError ? transientCodes.test(cause.code ?? "") : true;
}

/** The connection cannot be made with this URL: TLS failed, or a file of it cannot be read. */
function isMisconfigured(cause: unknown): boolean {
  if (unreadableFileOf(cause) !== undefined) return true;
  const { code = "", message = "" } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  return Object.hasOwn(tlsFaults, code) || Object.hasOwn(tlsFaults, message);
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
  "28000": "this user may not connect: see pg_hba.conf",
  "28P01": "the user or the password is wrong",
  "3D000": "there is no such database",
  "53100": "the server's disk is full",
  "53300": "the server has too many connections",
  MS001: blockTakenOver,
};

/** What is wrong with TLS. Repeating the same call changes nothing, unless the server's certificate is renewed. */
const tlsFaults: Readonly<Record<string, string>> = {
  // Of OpenSSL, by Node's names of its errors ("X509 certificate error codes" of node:tls).
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is not from a known authority: sslrootcert names a file with one",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is not from a known authority: sslrootcert names a file with one",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is not from the authority in sslrootcert, or not from a known one",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "its certificate is not from the authority in sslrootcert, or not from a known one",
  CERT_SIGNATURE_FAILURE: "its certificate is not from the authority in sslrootcert",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
  "The server does not support SSL connections": "it accepts no TLS: its setting ssl is off",
};

export function toUnavailable(cause: unknown): Unavailable {
  if (cause instanceof UnusableStore) return unusable(cause.message, cause);
  const unreadable = unreadableFileOf(cause);
  if (unreadable !== undefined) return unusable(unreadable, cause);
  const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  const said = code ?? (cause instanceof Error ? cause.message : "unknown");
  const explanation = explanations[said] ?? tlsFaults[said];
  const reason = `the PostgreSQL store failed: ${said}${explanation === undefined ? "" : ` (${explanation})`}`;
  return { kind: "Unavailable", reason, cause };
}

/** A file of a certificate or key that the URL names. */
function unreadableFileOf(cause: unknown): string | undefined {
  const { syscall, path, code } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  return syscall === "open" && path !== undefined ? `${path} cannot be read (${code})` : undefined;
}

function unusable(reason: string, cause: unknown): Unavailable {
  return { kind: "Unavailable", reason: `the PostgreSQL store cannot be used: ${reason}`, cause };
}
