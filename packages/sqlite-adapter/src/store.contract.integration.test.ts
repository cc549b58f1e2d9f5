import { describeStoreContracts } from "@message-sender/core/contracts";

import { freshStore } from "../test/fresh-store.ts";

describeStoreContracts({ name: "SQLite store", setup: () => freshStore({ synchronous: "normal" }) });
