import { createSystemClock } from "@message-sender/core/node";
import { openPostgresStore } from "@message-sender/postgres-adapter";

import { startServer } from "../server.ts";
import { run } from "../subject.ts";

/** The CPU time does not include PostgreSQL's own processes. */
await run(async (environment) => {
  const { databaseUrl, schema } = environment;
  const opened = await openPostgresStore(databaseUrl, { clock: createSystemClock(), schema });
  return startServer(environment, { store: opened._unsafeUnwrap() });
});
