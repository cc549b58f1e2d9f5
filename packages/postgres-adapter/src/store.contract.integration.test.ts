import { describeStoreContracts } from "@message-sender/core/contracts";

import { usePostgres } from "../../../test/postgres.ts";
import { subjectOf } from "../test/stores.ts";

const postgres = usePostgres();

describeStoreContracts({ name: "PostgreSQL store", setup: () => subjectOf(postgres) });
