import { createInMemoryStore } from "@message-sender/core/in-memory";
import { createSystemClock } from "@message-sender/core/node";

import { startServer } from "../server.ts";
import { run } from "../subject.ts";

await run((surroundings) => startServer(surroundings, createInMemoryStore({ clock: createSystemClock() }), "on"));
