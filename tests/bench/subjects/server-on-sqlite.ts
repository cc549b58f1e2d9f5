import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { createSystemClock } from "@message-sender/core/node";
import { openSqliteStore } from "@message-sender/sqlite-adapter";

import { startServer } from "../server.ts";
import { run } from "../subject.ts";

/** By default each commit is on disk before it is answered. */
await run(async (surroundings) => {
  const path = join(surroundings.folder, `${randomUUID()}.db`);
  const opened = await openSqliteStore(path, { clock: createSystemClock() });
  return startServer(surroundings, opened._unsafeUnwrap());
});
