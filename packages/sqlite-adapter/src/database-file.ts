import { chmodSync, closeSync, fchmodSync, openSync, realpathSync, rmSync, statSync } from "node:fs";

/** The file of a database on its disk. It is looked at by name only: to open and close it would end SQLite's locks. */
export interface DatabaseFile {
  /** It was not there before. */
  readonly isNew: boolean;
  /** Remembers which file was opened, and which log. */
  remember(): void;
  /** Why what is written would be lost: undefined while the names stand for the files that were opened. */
  loss(): string | undefined;
}

const ownerOnly = 0o600;
const companions = ["-wal", "-journal", "-shm"];

/** Makes the file where there is none. It and its companions are readable by their owner alone, whatever the umask. */
export function claimDatabaseFile(path: string): DatabaseFile {
  const isNew = create(path);
  let opened: readonly (readonly [name: string, identity: string | undefined])[] = [];
  tighten(path);

  return {
    isNew,
    remember() {
      tighten(path);
      const log = `${realpathSync(path)}-wal`;
      opened = [path, log].map((name) => [name, identityOf(name)]);
    },
    loss() {
      const lost = opened.find(([name, identity]) => identityOf(name) !== identity);
      return (
        lost && `${lost[0]} was deleted, moved or replaced: no more is written until it is back, or after a restart`
      );
    },
  };
}

export function removeDatabaseFile(path: string): void {
  for (const name of [path, ...companions.map((end) => path + end)]) rmSync(name, { force: true });
}

/** What cannot be made here, SQLite says better why. */
function create(path: string): boolean {
  try {
    const file = openSync(path, "wx", ownerOnly);
    fchmodSync(file, ownerOnly);
    closeSync(file);
    return true;
  } catch {
    return false;
  }
}

/** Of a file that is somebody else's, that one decides who reads it. */
function tighten(path: string): void {
  for (const name of [path, ...companions.map((end) => path + end)]) {
    try {
      const { mode } = statSync(name);
      if ((mode & 0o170000) === 0o100000 && (mode & 0o077) !== 0) chmodSync(name, ownerOnly);
    } catch {
      continue;
    }
  }
}

function identityOf(name: string): string | undefined {
  try {
    const { dev, ino } = statSync(name, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}
