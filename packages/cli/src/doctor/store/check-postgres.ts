import { inspectPostgresStore, type PostgresInspection } from "@message-sender/postgres-adapter";

import { failed, passed } from "../check.ts";
import { sizeText } from "./disk.ts";
import { durabilityOf } from "./durability.ts";
import { encryptionOf } from "./encryption.ts";
import { partitionsOf } from "./partitions.ts";
import type { StoreFinding } from "./store-finding.ts";
import { usable } from "./usable-store.ts";
import { vacuumOf } from "./vacuum.ts";

/** Checks the store at a `postgres:` URL without changing it. */
export async function checkPostgres(url: string): Promise<StoreFinding> {
  const found = await inspectPostgresStore(url);
  if (found.isErr()) {
    const check = failed("store", `DATABASE_URL: ${found.error.reason}`, adviceOn(found.error.reason));
    return { checks: [check], facts: { kind: "postgres" } };
  }
  const store = found.value;
  const size = `disk of PostgreSQL: the database has ${sizeText(store.databaseBytes)}; watch the room on its disk there`;
  return {
    checks: [
      usable(`store on PostgreSQL ${store.serverVersion}`, store),
      ...durabilityOf(store),
      encryptionOf(store.connection),
      ...vacuumOf(store),
      ...partitionsOf(store),
      passed(size),
    ],
    facts: factsOf(store),
  };
}

function factsOf(store: PostgresInspection): StoreFinding["facts"] {
  const { connection, standbys } = store;
  return {
    kind: "postgres",
    server_version: store.serverVersion,
    database_bytes: store.databaseBytes,
    synchronous_commit: store.synchronousCommit,
    fsync: store.fsync,
    full_page_writes: store.fullPageWrites,
    synchronous_standby_names: store.synchronousStandbys,
    standbys: standbys ?? null,
    tls: connection.isEncrypted ? { protocol: connection.protocol, verified: connection.isVerified } : null,
  };
}

function adviceOn(reason: string): string {
  if (/newer version/.test(reason)) return "install the version of Message Sender that wrote it, or a newer one";
  if (/standby|read-only/.test(reason)) return "let DATABASE_URL lead to the primary, which accepts writes";
  if (/this user may not/.test(reason)) return "grant the user the rights on the database and the schema";
  if (/disk is full/.test(reason)) return "free space on the disk of PostgreSQL, or enlarge it";
  if (/authority|certificate|cannot be read/.test(reason)) {
    return "name the file of the certificate authority in sslrootcert, and the host as the certificate has it";
  }
  if (/accepts no TLS/.test(reason)) return "turn ssl on in postgresql.conf, or remove sslmode from DATABASE_URL";
  return "check the host, the user, the password and the database in DATABASE_URL, and that PostgreSQL runs";
}
