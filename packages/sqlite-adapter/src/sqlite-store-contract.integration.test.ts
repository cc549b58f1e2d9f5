import {
  describeMessageStoreContract,
  describeOutboxContract,
  describeQuotaLedgerContract,
} from "@message-sender/core/contracts";

import { freshStore } from "../test/fresh-store.ts";

const options = { name: "The SQLite store", setup: () => freshStore() };

describeMessageStoreContract(options);
describeOutboxContract(options);
describeQuotaLedgerContract(options);
