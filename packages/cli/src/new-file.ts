import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { link, open, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A file of this name exists. */
class FileExists extends Error {
  constructor(path: string) {
    super(`${path} exists already. Give the name of a new file.`);
  }
}

/** The folder of a file does not exist. */
class FolderMissing extends Error {
  constructor(path: string) {
    super(`${path} cannot be made: its folder does not exist.`);
  }
}

/**
 * Creates a file that only its owner can read. Nothing has its name before all of it is on the disk, and nothing is overwritten.
 * `write` fills the file of the name that it gets. That file lies in a folder of its own, which is removed if `write` rejects, or if
 * a signal ends the process: an open that is still under way cannot make the file again.
 */
export async function createNewFile(path: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  if (existsSync(path)) throw new FileExists(path);
  if (!existsSync(dirname(path))) throw new FolderMissing(path);
  const folder = `${path}.${randomUUID()}.unfinished`;
  const end = (signal: NodeJS.Signals) => {
    rmSync(folder, removal);
    for (const each of signals) process.off(each, end);
    process.kill(process.pid, signal);
  };
  // Before the folder exists: a signal may come as soon as it does.
  for (const signal of signals) process.on(signal, end);
  try {
    mkdirSync(folder, { mode: 0o700 });
    const unfinished = join(folder, basename(path));
    await fill(unfinished, write);
    // Unlike a rename, a link never replaces a file.
    await link(unfinished, path).catch((cause: NodeJS.ErrnoException) => {
      throw cause.code === "EEXIST" ? new FileExists(path) : cause;
    });
    await syncFolder(dirname(path));
  } finally {
    for (const signal of signals) process.off(signal, end);
    await rm(folder, removal);
  }
}

/** Tries again if a file was made in the folder meanwhile. */
const removal = { recursive: true, force: true, maxRetries: 5 } as const;

async function fill(path: string, write: (path: string) => Promise<void>): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await write(path);
    await file.sync();
  } finally {
    await file.close();
  }
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The name of a file is on the disk only once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  await folder.sync().finally(() => folder.close());
}
