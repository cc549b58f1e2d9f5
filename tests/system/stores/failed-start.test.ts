import { createService } from "@message-sender/server";
import { expect, it } from "vitest";

import { usePostgres } from "../../support/postgres.ts";

const postgres = usePostgres();

it("of a service without tenants leaves a new database as it was, so that a sandbox can still have it", async () => {
  await expect(createService({ databaseUrl: postgres.url })).rejects.toThrow(/tenants/);
  expect(await postgres.query("SELECT FROM pg_namespace WHERE nspname = 'message_sender'")).toEqual([]);
});
