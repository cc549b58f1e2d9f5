import type { Stats } from "node:fs";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { err, ok, type Result } from "neverthrow";

import { readGuardedFile } from "../../watched-file.ts";
import { encodeKeys, guardedKeys, parseKeys, type StoredKey } from "./keys-document.ts";

/** The keys after a change. The same array, if nothing changes: then nothing is written. */
export type Change = (keys: readonly StoredKey[]) => readonly StoredKey[];

const lockAttempts = 40;
const lockPauseMs = 50;

/**
 * Changes a file of API keys, or makes it. The new content is written to `<path>.new`, which then replaces the file: a reader sees
 * the old keys or the new ones. `<path>.new` is also the lock, so that of two changes at once none is lost. The file keeps its
 * owner, so that a server under another user can still read what root has changed.
 */
export async function changeKeys(path: string, change: Change): Promise<Result<void, string>> {
  const target = await realpath(path).catch(() => path);
  const temporary = `${target}.new`;
  const locked = await lock(temporary);
  if (locked.isErr()) return err(locked.error);
  const changed = await replace(target, temporary, locked.value, change);
  await locked.value.close();
  if (changed.isErr() || changed.value === "unchanged") await rm(temporary, { force: true });
  return changed.map(() => undefined);
}

async function lock(temporary: string): Promise<Result<FileHandle, string>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return ok(await open(temporary, "wx", 0o600));
    } catch (error) {
      const code = codeOf(error);
      if (code !== "EEXIST") return err(`${temporary}: cannot be written (${code})`);
      if (attempt === lockAttempts) {
        return err(
          `${temporary}: another command is changing the keys, or was killed while it did; then delete this file`,
        );
      }
    }
    await sleep(lockPauseMs);
  }
}

async function replace(
  target: string,
  temporary: string,
  file: FileHandle,
  change: Change,
): Promise<Result<"changed" | "unchanged", string>> {
  try {
    const existing = await stat(target).catch(() => undefined);
    const keys = existing ? await readGuardedFile(target, guardedKeys) : ok([]);
    if (keys.isErr()) return err(keys.error);
    const changed = change(keys.value);
    if (changed === keys.value) return ok("unchanged");
    const text = encodeKeys(changed);
    // A file that could not be read again would lock everybody out.
    const readable = parseKeys(text);
    if (readable.isErr()) return err(`the change is not possible: ${readable.error}`);
    if (existing) await giveTo(existing, file);
    await file.writeFile(text);
    await file.sync();
    await rename(temporary, target);
  } catch (error) {
    return err(`${target}: cannot be written (${codeOf(error)})`);
  }
  await syncFolder(dirname(target));
  return ok("changed");
}

async function giveTo({ uid, gid, mode }: Stats, file: FileHandle): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid);
  await file.chmod(mode & 0o777);
}

/** Without it, a power failure could bring a revoked key back. Not every file system can. */
async function syncFolder(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, "r");
    await handle.sync();
  } catch {
    // The new content is in place all the same.
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unwritable";
}
