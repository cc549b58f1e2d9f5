import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";

import { z } from "zod";

const schema = z.record(
  z.string(),
  z.iso.datetime().transform((text) => new Date(text)),
);

/** A use is stored a second after it, and the next one of that key a minute later at the earliest. */
const writeAfterMs = 1000;
const accuracyMs = 60_000;

/** Stores when each key was last used. */
export interface LastUses {
  record(keyId: string, now: number): void;
  /** Stores what is not stored yet. */
  close(): Promise<void>;
}

/**
 * Several servers may share the file, and the command only reads it: the keys themselves are in another file, so that servers and
 * the command never change the same one.
 */
export function createLastUses(
  keysPath: string,
  { isLive, onError }: { isLive: (keyId: string) => boolean; onError: (reason: string) => void },
): LastUses {
  const path = lastUsesPath(keysPath);
  const recorded = new Map<string, number>();
  const pending = new Map<string, Date>();
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  let hasFailed = false;

  async function write(): Promise<void> {
    timer = undefined;
    const uses = new Map(pending);
    pending.clear();
    if (uses.size === 0) return;
    const temporary = `${path}.${randomUUID()}`;
    try {
      const stored = new Map(Object.entries(await readLastUses(keysPath)).filter(([id]) => isLive(id)));
      for (const [id, at] of uses) if (at > (stored.get(id) ?? new Date(0))) stored.set(id, at);
      await writeFile(temporary, `${JSON.stringify(Object.fromEntries(stored), null, 2)}\n`, { mode: 0o600 });
      await rename(temporary, path);
      hasFailed = false;
    } catch (error) {
      if (!hasFailed) onError(`the times of last use cannot be stored (${codeOf(error)})`);
      hasFailed = true;
      await rm(temporary, { force: true }).catch(() => {});
    }
  }

  return {
    record(keyId, now) {
      const since = now - (recorded.get(keyId) ?? Number.NEGATIVE_INFINITY);
      // The wall clock may have been set back.
      if (since >= 0 && since < accuracyMs) return;
      recorded.set(keyId, now);
      pending.set(keyId, new Date(now));
      timer ??= setTimeout(() => (writing = writing.then(write)), writeAfterMs).unref();
    },
    close() {
      clearTimeout(timer);
      return writing.then(write);
    },
  };
}

/** When each key was last used, by its id. Empty if the file cannot be read: a use is no more than a hint. */
export async function readLastUses(keysPath: string): Promise<Readonly<Record<string, Date>>> {
  try {
    return schema.parse(JSON.parse(await readFile(lastUsesPath(keysPath), "utf8")));
  } catch {
    return {};
  }
}

function lastUsesPath(keysPath: string): string {
  return `${keysPath}.last-used`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unwritable";
}
