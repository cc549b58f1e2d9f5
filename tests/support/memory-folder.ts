import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { freemem } from "node:os";
import { join } from "node:path";

const memory = "/dev/shm";
const gib = 1024 ** 3;

/**
 * Keeps the temporary files of the tests in memory, if there is room. They create hundreds of stores, and on a disk each of them
 * waits for it. No test cuts the power, the only case in which a disk keeps what memory loses.
 */
export default function setup(): (() => void) | undefined {
  if (process.env["TMPDIR"] !== undefined || !hasRoom()) return undefined;
  const folder = mkdtempSync(join(memory, "message-sender-tests-"));
  // PostgreSQL runs as another user.
  chmodSync(folder, 0o711);
  process.env["TMPDIR"] = folder;
  return () => {
    delete process.env["TMPDIR"];
    rmSync(folder, { recursive: true, force: true });
  };
}

/** PostgreSQL keeps up to a gibibyte there, and tests run programs from there. */
function hasRoom(): boolean {
  try {
    const mount = readFileSync("/proc/mounts", "utf8")
      .split("\n")
      .map((line) => line.split(" "))
      .find(([, path]) => path === memory);
    const options = mount?.[3]?.split(",") ?? [];
    const { bavail, bsize } = statfsSync(memory);
    return options.includes("rw") && !options.includes("noexec") && bavail * bsize > 2 * gib && freemem() > 4 * gib;
  } catch {
    return false;
  }
}
