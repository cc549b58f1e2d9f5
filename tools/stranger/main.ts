/**
 * Plays a stranger who goes from nothing to production by the documents alone: from packed tarballs, in an empty folder, with the
 * commands and programs that the documents show, taken out of their text. The emulator takes the place of WhatsApp.
 *
 * npm run test:stranger [-- --postgres] [--keep]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { endAll } from "./shell.ts";
import { walkWithPostgres } from "./with-postgres.ts";
import { walkWithSqlite } from "./with-sqlite.ts";

const scratch = await mkdtemp(join(tmpdir(), "message-sender-stranger-"));
try {
  if (process.argv.includes("--postgres")) await walkWithPostgres(scratch);
  else await walkWithSqlite(scratch);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  endAll();
  if (process.argv.includes("--keep")) console.log(`kept: ${scratch}`);
  else await rm(scratch, { recursive: true, maxRetries: 10 });
}
