import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, it } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "together-"));
  const scripts = { good: "echo all is well", bad: "echo a mistake; exit 3" };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts }));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ["passes if all scripts pass", ["good", "good"], 0, ["all is well"], ""],
  ["fails if one of them fails, and names it", ["bad", "good"], 1, ["a mistake", "all is well"], "failed: bad\n"],
  ["fails if there is no such script", ["good", "none"], 1, ["all is well", "Missing script"], "failed: none\n"],
] as const)("%s", (_, scripts, status, printed, said) => {
  const ended = spawnSync(process.execPath, [main, ...scripts], { cwd: folder, encoding: "utf8" });
  expect([ended.status, ended.stderr.trimStart()]).toEqual([status, said]);
  for (const text of printed) expect(ended.stdout).toContain(text);
});
