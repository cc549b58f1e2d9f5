import { describeStoreContracts } from "@message-sender/core/contracts";

import { usePostgres } from "../../../tests/support/postgres.ts";
import { subjectOf, useDatabase } from "../test/stores.ts";

const postgres = usePostgres();
const database = useDatabase(() => postgres.url);

describeStoreContracts({ name: "PostgreSQL store", setup: () => subjectOf(postgres, database()) });
