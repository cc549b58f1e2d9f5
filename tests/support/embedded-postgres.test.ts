import { spawnSync } from "node:child_process";

import { expect, it } from "vitest";

it("a process that can start PostgreSQL ends with the exit code that it sets", () => {
  const program = `await import(${JSON.stringify(import.meta.resolve("./embedded-postgres.ts"))}); process.exitCode = 3;`;
  const { status } = spawnSync(process.execPath, ["--input-type=module", "--eval", program]);
  expect(status).toBe(3);
});
