import type { StoreSubject } from "@message-sender/core/contracts";
import type { SqliteStoreOptions } from "@message-sender/sqlite-adapter";

import { storeFile } from "./store-file.ts";

/** A store in a file of its own, empty. */
export async function freshStore(options?: Pick<SqliteStoreOptions, "synchronous">): Promise<StoreSubject> {
  const file = storeFile();
  const store = await file.open(options);
  return { ...store, clock: file.clock, advance: file.clock.advance, close: file.remove };
}
