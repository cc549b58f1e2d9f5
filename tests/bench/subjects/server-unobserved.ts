import { startServer } from "../server.ts";
import { run } from "../subject.ts";

await run((environment) => startServer(environment, { databaseUrl: "memory:" }, { observed: "not at all" }));
