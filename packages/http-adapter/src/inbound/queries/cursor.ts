import { createHash } from "node:crypto";

/** A place in a list: a time, and what distinguishes the entries of one millisecond. */
export interface CursorPosition {
  readonly at: Date;
  readonly name: string;
}

/**
 * Writes a position as a `next_cursor`. `list` names the list and its filters. Somebody who changes a cursor can only reach another
 * place of the same list, so a checksum without a secret is enough to find mistakes.
 */
export function encodeCursor({ at, name }: CursorPosition, list: string): string {
  const text = `${at.getTime()} ${name}`;
  return Buffer.from(`${checksum(text, list)}${text}`).toString("base64url");
}

/** Reads what `encodeCursor` wrote for the same list. Undefined for anything else. */
export function decodeCursor(cursor: string, list: string): CursorPosition | undefined {
  const bytes = Buffer.from(cursor, "base64url");
  const text = bytes.toString();
  const [, sum, rest = "", ms, name = ""] = /^([0-9a-f]{16})((-?[0-9]{1,16}) (.+))$/s.exec(text) ?? [];
  const isOurs = sum === checksum(rest, list) && bytes.toString("base64url") === cursor;
  return isOurs ? { at: new Date(Number(ms)), name } : undefined;
}

function checksum(text: string, list: string): string {
  return createHash("sha256")
    .update(JSON.stringify([list, text]))
    .digest("hex")
    .slice(0, 16);
}
