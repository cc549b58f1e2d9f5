import { describeStoreContracts, type StoreSubject } from "@message-sender/core/contracts";
import { createManualClock } from "@message-sender/core/in-memory";

import { usePostgres } from "../../../test/postgres.ts";
import { openPostgresStore } from "./index.ts";

const postgres = usePostgres();

async function setup(): Promise<StoreSubject> {
  const clock = createManualClock();
  const opened = await openPostgresStore(postgres.url, { clock, schema: postgres.freshSchema() });
  return { ...opened._unsafeUnwrap(), clock, advance: clock.advance };
}

describeStoreContracts({ name: "PostgreSQL store", setup });
