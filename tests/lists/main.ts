import { rmSync } from "node:fs";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { fill } from "./fill.ts";
import { measureConsole } from "./console.ts";
import { measure } from "./measure.ts";
import { daysOfMessages, messageAt } from "./messages.ts";
import { measureRetention } from "./retention.ts";
import { measureUpdates } from "./updates.ts";
import { measureUsage } from "./usage.ts";
import { openSqlite, openPostgres } from "./stores.ts";

/**
 * How long lists take over many messages, on each durable store. The CPU time is that of this process, in which SQLite runs and
 * PostgreSQL does not.
 */
const { values } = parseArgs({
  options: { messages: { type: "string", default: "1000000" }, store: { type: "string" } },
});
const count = Number(values.messages);
const folder = await mkdtemp(join(tmpdir(), "message-sender-lists-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
// For root, PostgreSQL runs as another user, who must be able to enter the folder.
await chmod(folder, 0o755);

let missed = 0;
for (const [name, open] of Object.entries({ sqlite: openSqlite, postgres: openPostgres })) {
  if (values.store !== undefined && values.store !== name) continue;
  const opened = await open(folder);
  try {
    await fill(opened, count, (index) => messageAt(index, count));
    missed += await measure(name, opened.store, count);
    missed += await measureConsole(name, opened.store, count);
    missed += await measureUsage(name, opened.store, count);
    if (opened.url !== undefined) {
      missed += await measureUpdates(opened.url, opened.store);
      missed += await measureRetention(opened, opened.url, Math.ceil(count / daysOfMessages));
    }
  } finally {
    await opened.close();
  }
}
process.exitCode = missed > 0 ? 1 : 0;
