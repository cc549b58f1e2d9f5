import type { Unavailable } from "@message-sender/core";
import { ResultAsync } from "neverthrow";

import { toUnavailable } from "./database/failure.ts";
import { openWithHeartbeat } from "./open-with-heartbeat.ts";
import type { PostgresStore, PostgresStoreOptions } from "./postgres-store.ts";

/**
 * Opens the store at a `postgres:` URL, after bringing its schema up to date. A store that is up to date can be opened by a role
 * that may only read and change rows. A store that a newer version has migrated is `Unavailable`.
 */
export function openPostgresStore(url: string, options: PostgresStoreOptions): ResultAsync<PostgresStore, Unavailable> {
  return ResultAsync.fromPromise(
    openWithHeartbeat(url, options).then(({ store }) => store),
    toUnavailable,
  );
}
