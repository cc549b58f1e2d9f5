import { chmod, mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";

import { readOptions } from "./options.ts";
import { points } from "./points/points.ts";

const { names, ...options } = readOptions(process.argv.slice(2));
const folder = await mkdtemp(join(tmpdir(), "message-sender-scale-"));
// For root, PostgreSQL runs as another user, who must be able to enter the folder.
await chmod(folder, 0o755);

let failed = 0;
for (const name of names) {
  const { title, run } = points[name];
  console.log(`${name}: ${title}`);
  const startedAt = performance.now();
  const { seen, violations } = await run({ ...options, folder: join(folder, name) }).catch((error: unknown) => ({
    seen: [],
    violations: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
  }));
  for (const line of seen) console.log(`  ${line}`);
  for (const violation of violations) console.log(`  VIOLATION: ${violation}`);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const load = loadavg()[0]?.toFixed(1);
  console.log(`  ${violations.length === 0 ? "passed" : "FAILED"} after ${seconds} s, load average ${load}\n`);
  failed += Number(violations.length > 0);
}
if (failed === 0) await rm(folder, { recursive: true, force: true });
else console.log(`the logs are in ${folder}`);
process.exit(failed === 0 ? 0 : 1);
