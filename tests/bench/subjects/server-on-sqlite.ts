import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { startServer } from "../server.ts";
import { run } from "../subject.ts";

/** By default each commit is on disk before it is answered. */
await run((surroundings) =>
  startServer(surroundings, { databaseUrl: `sqlite:${join(surroundings.folder, `${randomUUID()}.db`)}` }),
);
