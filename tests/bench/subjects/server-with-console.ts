import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { startServer } from "../server.ts";
import { run } from "../subject.ts";

/** As `serve` runs it without API keys: its console is open to whoever reaches it. */
await run((environment) =>
  startServer(
    environment,
    { databaseUrl: `sqlite:${join(environment.folder, `${randomUUID()}.db`)}` },
    { observed: "by its log and metrics" },
  ),
);
