import { describeStoreContracts } from "@message-sender/core/contracts";

import { freshStore } from "../test/fresh-store.ts";

// The comparison with the store in memory runs without syncing each commit.
describeStoreContracts({ name: "SQLite store", setup: () => freshStore({ synchronous: "full" }) });
