import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createSystemClock } from "@message-sender/core/node";
import { openSqliteStore } from "@message-sender/sqlite-adapter";

import { startServer } from "../server.ts";
import { run } from "../subject.ts";

/** By default each commit is on disk before it is answered. */
await run(async (surroundings) => {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-bench-"));
  const opened = await openSqliteStore(join(folder, "store.db"), { clock: createSystemClock() });
  return startServer(surroundings, opened._unsafeUnwrap());
});
