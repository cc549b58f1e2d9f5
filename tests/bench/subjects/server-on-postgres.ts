import { createSystemClock } from "@message-sender/core/node";
import { openPostgresStore } from "@message-sender/postgres-adapter";

import { startServer } from "../server.ts";
import { run } from "../subject.ts";

/** What PostgreSQL itself costs is not in this process's CPU time. */
await run(async (surroundings) => {
  const { databaseUrl, schema } = surroundings;
  const opened = await openPostgresStore(databaseUrl, { clock: createSystemClock(), schema });
  return startServer(surroundings, { store: opened._unsafeUnwrap() });
});
