import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { startServer } from "../server.ts";
import { run } from "../subject.ts";

/** By default each commit is on disk before it is answered. */
await run((environment) =>
  startServer(environment, { databaseUrl: `sqlite:${join(environment.folder, `${randomUUID()}.db`)}` }),
);
