import { startServer } from "../server.ts";
import { run } from "../subject.ts";

await run((surroundings) => startServer(surroundings, { databaseUrl: "memory:" }, "on"));
