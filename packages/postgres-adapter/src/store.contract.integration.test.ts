import { describeStoreContracts } from "@message-sender/core/contracts";

import { usePostgres } from "../../../tests/support/postgres.ts";
import { subjectOf } from "../test/stores.ts";

const postgres = usePostgres();

describeStoreContracts({ name: "PostgreSQL store", setup: () => subjectOf(postgres) });
