import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";

import { err, ResultAsync } from "neverthrow";

import type { GraphErrorOverrides } from "./graph-error.ts";

/** The file is invalid. `reason` names the file, the code and the setting. */
export interface ErrorRulesInvalid {
  readonly kind: "ErrorRulesInvalid";
  readonly reason: string;
}

/**
 * Reads rules for error codes from a JSON file, in the format of `docs/errors.md`.
 *
 * @example
 * ```ts
 * const errorRules = (await readErrorRules("error-rules.json"))._unsafeUnwrap();
 * const transport = createGraphTransport({ errorRules });
 * ```
 */
export function readErrorRules(path: string): ResultAsync<GraphErrorOverrides, ErrorRulesInvalid> {
  const invalid = (reason: string): ErrorRulesInvalid => ({ kind: "ErrorRulesInvalid", reason: `${path}: ${reason}` });
  return ResultAsync.fromPromise(readFile(path), (error) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    return invalid(`cannot be read (${code})`);
  }).andThen((bytes) => {
    if (!isUtf8(bytes)) return err(invalid("is not UTF-8"));
    // Only a service with such a file needs its parser.
    return ResultAsync.fromSafePromise(import("./error-rules-document.ts")).andThen(({ parseErrorRules }) =>
      parseErrorRules(new TextDecoder().decode(bytes)).mapErr(invalid),
    );
  });
}
