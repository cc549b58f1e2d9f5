import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import { ResultAsync } from "neverthrow";

/** Written by `npm run prepare`. It lies beside both `src` and `dist`. */
const file = new URL("../../../assets/scalar.js.gz", import.meta.url);

/** Scalar's script, compressed or not. It is read each time: one page in a month is no reason to keep a megabyte. */
export function readScalarScript(compressed: boolean): ResultAsync<Uint8Array<ArrayBuffer>, unknown> {
  return ResultAsync.fromPromise(
    readFile(file).then((bytes) => (compressed ? bytes : promisify(gunzip)(bytes))),
    (cause) => cause,
  ).map((bytes) => new Uint8Array(bytes));
}
