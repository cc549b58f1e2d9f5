import { describeStoreContracts } from "@message-sender/core/contracts";

import { freshStore } from "../test/fresh-store.ts";

describeStoreContracts({
  name: "SQLite store that survives a loss of power",
  setup: () => freshStore({ synchronous: "full" }),
});
