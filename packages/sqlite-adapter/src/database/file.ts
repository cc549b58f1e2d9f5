import { type BigIntStats, chmodSync, closeSync, fchmodSync, openSync, realpathSync, rmSync, statSync } from "node:fs";

/** A database's file. It is only inspected by name: opening and closing it would release SQLite's locks on it (POSIX). */
export interface DatabaseFile {
  /** Whether this opening created the file. */
  readonly isNew: boolean;
  /** Records which file was opened, and which log. */
  opened(): void;
  /** Records the sizes of both files and the database's time of change: nobody else may change them. */
  written(): void;
  /** Why a write would be lost. Undefined while the names lead to the files that were opened, and nobody else has changed them. */
  loss(): string | undefined;
}

const ownerOnly = 0o600;
const companions = ["-wal", "-journal", "-shm"];

/** Creates the file if it does not exist. Only its owner can read it and the files beside it, whatever the umask. */
export function claimDatabaseFile(path: string): DatabaseFile {
  const isNew = create(path);
  let watched: Watched[] = [];
  tighten(path);

  return {
    isNew,
    opened() {
      tighten(path);
      const log = `${realpathSync(path)}-wal`;
      watched = [path, log].map((name) => ({ name, was: stateOf(name) }));
    },
    written() {
      for (const one of watched) {
        const is = stateOf(one.name);
        if (is && isSameFile(one.was, is)) one.was = is;
      }
    },
    loss() {
      const lost = watched.find(({ name, was }) => {
        const is = stateOf(name);
        return !is || !isSameFile(was, is) || was?.size !== is.size || (name === path && isOverwritten(was, is));
      });
      return (
        lost && `${lost.name} was deleted, moved or replaced: nothing is written until it is back, or until a restart`
      );
    },
  };
}

export function removeDatabaseFile(path: string): void {
  for (const name of namesOf(path)) {
    if (isFile(name)) rmSync(name, { force: true });
  }
}

/** If the file cannot be created, SQLite reports the reason later. */
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

/** A file of another owner is left as it is: its owner decides who can read it. */
function tighten(path: string): void {
  for (const name of namesOf(path)) {
    try {
      if (isFile(name) && (statSync(name).mode & 0o077) !== 0) chmodSync(name, ownerOnly);
    } catch {
      continue;
    }
  }
}

function namesOf(path: string): readonly string[] {
  return [path, ...companions.map((end) => path + end)];
}

function isFile(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isFile() === true;
}

type State = Pick<BigIntStats, "dev" | "ino" | "size" | "mtimeMs">;

interface Watched {
  readonly name: string;
  was: State | undefined;
}

function stateOf(name: string): State | undefined {
  try {
    return statSync(name, { bigint: true });
  } catch {
    return undefined;
  }
}

/** Another file of the same size was copied over it. Some file systems record the time of our own writes late. */
function isOverwritten(was: State, is: State): boolean {
  const apartMs = is.mtimeMs - was.mtimeMs;
  return apartMs > toleranceMs || apartMs < -toleranceMs;
}

const toleranceMs = 2000n;

function isSameFile(was: State | undefined, is: State): boolean {
  return was?.dev === is.dev && was.ino === is.ino;
}
