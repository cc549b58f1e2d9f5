import type { Unavailable } from "@message-sender/core";
import { ResultAsync } from "neverthrow";

import type { Database, Statement } from "./database.ts";
import { toUnavailable } from "./failure.ts";
import type { Value } from "./packet.ts";

/** Runs a statement and returns its rows. */
export function rowsOf<Row>(
  database: Database,
  statement: Statement,
  values: readonly Value[],
): ResultAsync<readonly Row[], Unavailable> {
  return ResultAsync.fromPromise(database.run<Row>(statement, values), toUnavailable).map(({ rows }) => rows);
}

/** Runs a statement whose rows do not matter. */
export function done(
  database: Database,
  statement: Statement,
  values: readonly Value[],
): ResultAsync<void, Unavailable> {
  return rowsOf(database, statement, values).map(() => undefined);
}
