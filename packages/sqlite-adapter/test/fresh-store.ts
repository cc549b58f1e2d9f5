import type { StoreSubject } from "@message-sender/core/contracts";
import type { openSqliteStore, SqliteStoreOptions } from "@message-sender/sqlite-adapter";
import { renameSync } from "node:fs";

import { storeFile } from "./store-file.ts";

/** An empty store in a file of its own. */
export async function freshStore(
  options?: Pick<SqliteStoreOptions, "synchronous">,
  openStore?: typeof openSqliteStore,
): Promise<StoreSubject> {
  const file = storeFile(openStore);
  const parkedStatusCapacity = 50;
  const store = await file.open({ ...options, parkedStatusCapacity });
  const away = `${file.path}-elsewhere`;
  return {
    ...store,
    clock: file.clock,
    advance: file.clock.advance,
    shiftWallClock: file.clock.stepWall,
    async refuseCommits(isRefusing) {
      if (isRefusing) renameSync(file.path, away);
      else renameSync(away, file.path);
    },
    parkedStatusCapacity,
    close: file.remove,
  };
}
