import { UnusableStore } from "../schema/unusable-store.ts";

/** Describes an error of the database, without any stored value. */
export function failureOf(error: unknown): string {
  const { code = "no code", errstr, errcode } = error as SqliteError;
  return errstr === undefined ? `the database failed (${code})` : `the database failed: ${errstr} (${errcode})`;
}

/** Describes why a file cannot be opened. */
export function openFailureOf(path: string, error: unknown): string {
  const { errcode = 0 } = error as SqliteError;
  if (error instanceof UnusableStore) return `${path} ${error.message}`;
  switch (errcode & 0xff) {
    case 5:
      return `${path} is open in another process`;
    case 11:
    case 26:
      return `${path} is damaged, or not a database`;
    default:
      return `${path} cannot be opened: ${failureOf(error)}`;
  }
}

interface SqliteError {
  readonly code?: string;
  readonly errcode?: number;
  readonly errstr?: string;
}
