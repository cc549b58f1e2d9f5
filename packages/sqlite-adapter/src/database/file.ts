import { type BigIntStats, chmodSync, closeSync, fchmodSync, openSync, realpathSync, rmSync, statSync } from "node:fs";

/** A database's file. It is only looked at by name: to open and close it would release SQLite's locks on it (POSIX). */
export interface DatabaseFile {
  /** It was not there before. */
  readonly isNew: boolean;
  /** Remembers which file was opened, and which log. */
  opened(): void;
  /** Remembers how long they are now, and when the database was written: nobody else may change that. */
  written(): void;
  /** Why what is written would be lost: undefined while the names stand for the files that were opened, as we left them. */
  loss(): string | undefined;
}

const ownerOnly = 0o600;
const companions = ["-wal", "-journal", "-shm"];

/** Makes the file where there is none. It and its companions are readable by their owner alone, whatever the umask. */
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
        lost && `${lost.name} was deleted, moved or replaced: no more is written until it is back, or after a restart`
      );
    },
  };
}

export function removeDatabaseFile(path: string): void {
  for (const name of namesOf(path)) {
    if (isFile(name)) rmSync(name, { force: true });
  }
}

/** Where the file cannot be made, SQLite will say why. */
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

/** A file of another owner stays as it is: only its owner decides who reads it. */
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

/** Another file of the same length was copied over it. Some file systems are late with the time of what we wrote. */
function isOverwritten(was: State, is: State): boolean {
  const apartMs = is.mtimeMs - was.mtimeMs;
  return apartMs > latestMs || apartMs < -latestMs;
}

const latestMs = 2000n;

function isSameFile(was: State | undefined, is: State): boolean {
  return was?.dev === is.dev && was.ino === is.ino;
}
