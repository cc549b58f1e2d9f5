import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";

// Runs the tests that need promtool. Takes the one on the PATH or at PROMTOOL; otherwise unpacks it from Debian's package
// `prometheus`, without installing that, which would start a service. Fails if there is none.
const root = join(import.meta.dirname, "../..");
const cache = join(root, "node_modules/.cache/promtool");

const test = join(root, "tests/system/telemetry/promtool.test.ts");
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", test], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PROMTOOL: process.env["PROMTOOL"] ?? onPath() ?? unpacked() },
});
process.exitCode = status ?? 1;

function onPath(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(":");
  return folders.map((folder) => join(folder, "promtool")).find((file) => existsSync(file));
}

function unpacked(): string {
  const file = join(cache, "promtool");
  if (existsSync(file)) return file;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "download-"));
  try {
    execFileSync("apt-get", ["download", "prometheus"], { cwd: folder, stdio: "pipe" });
    const archive = readdirSync(folder).find((name) => name.endsWith(".deb")) ?? "";
    execFileSync("dpkg-deb", ["--extract", archive, "unpacked"], { cwd: folder, stdio: "pipe" });
  } catch (cause) {
    throw new Error("There is no promtool: install Prometheus, or set PROMTOOL to its path.", { cause });
  }
  renameSync(join(folder, "unpacked/usr/bin/promtool"), file);
  return file;
}
