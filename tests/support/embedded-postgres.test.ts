import { spawnSync } from "node:child_process";

import { expect, it } from "vitest";

const support = JSON.stringify(import.meta.resolve("./embedded-postgres.ts"));

it.each([
  ["that does not start PostgreSQL", ""],
  ["that starts and stops PostgreSQL", "await (await startEmbeddedPostgres()).stop();"],
])("a process %s ends with the exit code that it sets", (_, work) => {
  for (const code of [0, 3]) {
    const program = `import { startEmbeddedPostgres } from ${support}; ${work} process.exitCode = ${code};`;
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program]);
    expect([status, stderr.toString()]).toEqual([code, ""]);
  }
});
