import { execFileSync } from "node:child_process";
import { chmodSync, closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startSandbox } from "@message-sender/emulator";
import { request } from "undici";
import { expect, it, onTestFinished } from "vitest";

import { doctor, findingsOf, tenantsFile, waba } from "../../support/doctor.ts";
import { startEmbeddedPostgres } from "../../support/embedded-postgres.ts";
import { post, serve, settingsFor } from "../../support/serve-process.ts";

/** A file system of its own, with so much room. Undefined where this user may not mount one. */
function mounted(megabytes: number): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "message-sender-disk-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "message-sender-test", folder], {
      stdio: "pipe",
    });
  } catch {
    return undefined;
  }
  // The server still has files open when the test ends. They are detached, and removed with it.
  onTestFinished(() => void execFileSync("umount", ["--lazy", folder]));
  return folder;
}

/** Writes until there is no room. */
function fill(folder: string): string {
  const path = join(folder, "ballast");
  const file = openSync(path, "w");
  try {
    for (const size of [65_536, 4096, 1]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size));
      } catch (cause) {
        expect(cause).toMatchObject({ code: "ENOSPC" });
      }
    }
  } finally {
    closeSync(file);
  }
  return path;
}

const refused = "skipped: this user may not mount a file system, so a full disk was not tried";

it("a full disk of a store that no server has open", async ({ skip }) => {
  const disk = mounted(1);
  if (disk === undefined) return skip(refused);
  fill(disk);
  const result = await doctor({ ...tenantsFile({ o: waba }), DATABASE_URL: `sqlite:${join(disk, "store.db")}` });
  expect(result.code).toBe(1);
  expect(findingsOf(result)).toEqual([
    `failed: DATABASE_URL: ${join(disk, "store.db")} has no room: its disk is full (0 bytes free) → free space on its disk, or move the store to a larger one`,
  ]);
  expect(result.store).toMatchObject({ kind: "sqlite", free_bytes: 0 });
  expect(readdirSync(disk)).toEqual(["ballast"]);
});

it("a small disk is a warning that says how much is free", async ({ skip }) => {
  const disk = mounted(8);
  if (disk === undefined) return skip(refused);
  const result = await doctor({ ...tenantsFile({ o: waba }), DATABASE_URL: `sqlite:${join(disk, "store.db")}` });
  expect(result.code).toBe(0);
  expect(findingsOf(result)).toEqual([
    "warning: only 8.4 MB free → free space on it, or move the store to a larger one: a server with a full disk accepts nothing",
  ]);
  expect(readdirSync(disk)).toEqual([]);
});

it("a full disk of PostgreSQL", async ({ skip }) => {
  const disk = mounted(110);
  if (disk === undefined) return skip(refused);
  // PostgreSQL runs as another user than root.
  chmodSync(disk, 0o777);
  const server = await startEmbeddedPostgres({ databaseDir: join(disk, "data"), maxConnections: 20 });
  onTestFinished(() => server.stop());
  fill(disk);
  const result = await doctor({ ...tenantsFile({ o: waba }), DATABASE_URL: server.url });
  expect(result.code).toBe(1);
  expect(findingsOf(result)).toEqual([
    "failed: DATABASE_URL: the PostgreSQL store failed: 53100 (the server's disk is full) → free space on the disk of PostgreSQL, or enlarge it",
  ]);
});

it("a disk that fills under a server: it is not ready, accepts nothing, and recovers once there is room", async ({
  skip,
}) => {
  const disk = mounted(8);
  if (disk === undefined) return skip(refused);
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const DATABASE_URL = `sqlite:${join(disk, "store.db")}`;
  const { url } = await serve([], { DATABASE_URL, ...settingsFor(sandbox) });
  const sent = async () => {
    const answer = await post(url);
    await answer.body.dump();
    return answer.statusCode;
  };
  const ready = async () => {
    const answer = await request(`${url}/readyz`);
    await answer.body.dump();
    return answer.statusCode;
  };
  expect(await sent()).toBe(200);
  const ballast = fill(disk);
  // SQLite's log has room for some commits, which it has written before.
  await expect.poll(ready).toBe(503);
  const before = sandbox.graph.requestCount;
  expect(await sent()).toBe(503);
  expect(sandbox.graph.requestCount).toBe(before);
  const result = await doctor({ ...tenantsFile({ o: waba }), DATABASE_URL, MESSAGE_SENDER_URL: url });
  expect(result.code).toBe(1);
  expect(findingsOf(result)).toEqual([expect.stringContaining("has no room: its disk is full")]);
  rmSync(ballast);
  await expect.poll(ready).toBe(200);
  expect(await sent()).toBe(200);
});
