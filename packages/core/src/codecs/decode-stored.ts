import { err, ok, Result } from "neverthrow";

import type { Unavailable } from "../ports/unavailable.ts";

const damaged: Unavailable = { kind: "Unavailable", reason: "stored data is damaged" };

/** Decodes a stored text. Never throws: if `decode` throws, the text is damaged and the answer is `Unavailable`. */
export function decodeStored<Text, T>(text: Text, decode: (text: Text) => T): Result<T, Unavailable> {
  return Result.fromThrowable(decode, () => damaged)(text);
}

/** Decodes stored texts and skips damaged ones, so that one damaged row blocks no other. `Unavailable` if all are damaged. */
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
