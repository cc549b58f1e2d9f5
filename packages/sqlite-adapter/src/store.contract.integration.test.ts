import { describeStoreContracts } from "@message-sender/core/contracts";

import { freshStore } from "../test/fresh-store.ts";
import { openStoreInThisThread } from "../test/store-in-this-thread.ts";

// The comparison with the store in memory runs with a thread, and without syncing each commit.
describeStoreContracts({
  name: "SQLite store",
  setup: () => freshStore({ synchronous: "full" }, openStoreInThisThread),
});
