import type { StoreHealth } from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";

export function createStoreHealth({ call }: GroupCommit): StoreHealth {
  return { check: () => call("probeCommit") };
}
