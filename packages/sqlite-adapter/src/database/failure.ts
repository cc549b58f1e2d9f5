import { UnusableStore } from "../schema/unusable-store.ts";

/** Describes an error of the database, without any stored value. */
export function failureOf(error: unknown): string {
  const { code = "no code", errstr, errcode } = error as SqliteError;
  return errstr === undefined ? `the database failed (${code})` : `the database failed: ${errstr} (${errcode})`;
}

/** Describes why a file cannot be opened. */
export function openFailureOf(path: string, error: unknown): string {
  if (error instanceof UnusableStore) return `${path} ${error.message}`;
  if (codeOf(error) === busy) return `${path} is open in another process`;
  if (isDamage(error)) return `${path} is damaged, or not a database`;
  return `${path} cannot be opened: ${failureOf(error)}`;
}

/** Whether what is in the file is the cause. */
export function isDamage(error: unknown): boolean {
  return damage.has(codeOf(error));
}

const busy = 5;
const damage: ReadonlySet<number> = new Set([11, 26]);

/** Without the part that says more. */
function codeOf(error: unknown): number {
  return ((error as SqliteError).errcode ?? 0) & 0xff;
}

interface SqliteError {
  readonly code?: string;
  readonly errcode?: number;
  readonly errstr?: string;
}
