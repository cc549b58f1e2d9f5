import { err, ok, Result } from "neverthrow";

import type { Unavailable } from "../ports/unavailable.ts";

const damaged: Unavailable = { kind: "Unavailable", reason: "stored data is damaged" };

/** What a stored text stands for. One that is damaged is `Unavailable`, and nothing is thrown. */
export function decodeStored<Text, T>(text: Text, decode: (text: Text) => T): Result<T, Unavailable> {
  return Result.fromThrowable(decode, () => damaged)(text);
}

/** What those of several stand for that can be read: a damaged one holds up no other. `Unavailable` where none can. */
export function decodeEachStored<Text, T>(
  texts: readonly Text[],
  decode: (text: Text) => T,
): Result<readonly T[], Unavailable> {
  const readable = texts.flatMap((text) =>
    decodeStored(text, decode)
      .map((value) => [value])
      .unwrapOr([]),
  );
  return readable.length === 0 && texts.length > 0 ? err(damaged) : ok(readable);
}
