import { parentPort, workerData } from "node:worker_threads";

import type { DatabaseOptions } from "./database.ts";
import { serveDatabase } from "./serve-database.ts";

if (parentPort) serveDatabase(parentPort, workerData as DatabaseOptions);
