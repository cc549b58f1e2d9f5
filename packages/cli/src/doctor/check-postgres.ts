import { inspectPostgresStore, type PostgresInspection } from "@message-sender/postgres-adapter";

import { type Check, failed } from "./check.ts";
import { durabilityOf } from "./durability.ts";
import { usable } from "./usable-store.ts";
import { vacuumOf } from "./vacuum.ts";

/** Checks the store at a `postgres:` URL without changing it. */
export async function checkPostgres(url: string): Promise<readonly Check[]> {
  const found = await inspectPostgresStore(url);
  if (found.isErr()) return [failed("store", `DATABASE_URL: ${found.error.reason}`, adviceOn(found.error.reason))];
  const store = found.value;
  return [
    usable(`store on PostgreSQL ${store.serverVersion}${replicationText(store)}`, store),
    ...durabilityOf(store),
    ...vacuumOf(store),
  ];
}

function adviceOn(reason: string): string {
  if (/newer version/.test(reason)) return "install the version of Message Sender that wrote it, or a newer one";
  if (/standby|read-only/.test(reason)) return "let DATABASE_URL lead to the primary, which accepts writes";
  if (/this user may not/.test(reason)) return "grant the user the rights on the database and the schema";
  return "check the host, the user and the database in DATABASE_URL, and that PostgreSQL runs";
}

function replicationText({ standbys, synchronousStandbys }: PostgresInspection): string {
  if (synchronousStandbys !== "") return `, whose commits wait for the standbys ${synchronousStandbys}`;
  return standbys?.connected === 0 ? ", without standbys" : "";
}
