import { randomBytes, randomUUID } from "node:crypto";
import { open, statfs, unlink } from "node:fs/promises";
import { join } from "node:path";

import { type Check, passed, warned } from "../check.ts";

/** A store with less room than this cannot take a commit for long: SQLite's log alone usually has 16 MB. */
const leastBytes = 1024 * 1024;

/** 250,000 short texts, or some hours of a busy server. */
const comfortableBytes = 500_000_000;

/** How many bytes this user may still write to the file system of a folder. */
export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Why nothing can be written to a folder with so much room. */
export function shortageOf(freeBytes: number): string | undefined {
  return freeBytes < leastBytes ? `has no room: its disk is full (${sizeText(freeBytes)} free)` : undefined;
}

/**
 * Why a file in this folder cannot grow, which the room on the disk does not tell: a disk quota, or a limit on the size of files. It
 * writes a file, and removes it.
 */
export async function writeProblemOf(folder: string): Promise<string | undefined> {
  const path = join(folder, `.message-sender-doctor-${randomUUID()}`);
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await unlink(path);
      await file.writeFile(randomBytes(leastBytes));
      await file.sync();
    } finally {
      await file.close();
    }
    return undefined;
  } catch (cause) {
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    return causes[code] ?? `cannot be written (${code})`;
  }
}

const causes: Readonly<Record<string, string>> = {
  ENOSPC: "has no room: its disk is full (ENOSPC)",
  EDQUOT: "has no room: this user's disk quota is used up (EDQUOT)",
  EFBIG: "cannot grow: this user may not write files of 1 MiB (EFBIG)",
};

/** How much room the disk of a store has, and whether that is enough for its file to grow and to be rewritten by an erasure. */
export function checkDisk(freeBytes: number, fileBytes: number): Check {
  const name = "disk of the store";
  const free = `${sizeText(freeBytes)} free`;
  if (freeBytes < comfortableBytes) {
    const advice = "free space on it, or move the store to a larger one: a server with a full disk accepts nothing";
    return warned(name, `only ${free}`, advice);
  }
  // SQLite's "VACUUM": up to twice the size of the file. One copy is written beside the file, the other to the folder for temporary files.
  if (freeBytes < fileBytes) {
    const advice = `make room for a second copy of the file, of ${sizeText(fileBytes)}`;
    return warned(name, `${free}: an erasure, which rewrites the file, cannot succeed`, advice);
  }
  return passed(`${name}: ${free}`);
}

/** Such as `1.2 GB`. */
export function sizeText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const step = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return `${(bytes / 1000 ** step).toFixed(step < 2 ? 0 : 1)} ${units[step]}`;
}
