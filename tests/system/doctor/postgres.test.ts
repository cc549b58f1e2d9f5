import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";

import { doctor, findingsOf, tenantsFile, waba } from "../../support/doctor.ts";
import { type RunningPostgres, startEmbeddedPostgres } from "../../support/embedded-postgres.ts";
import { usePostgres } from "../../support/postgres.ts";

const shared = usePostgres();
let server: RunningPostgres;
let client: pg.Client;

// Of its own, because these settings are those of a whole server.
beforeAll(async () => {
  server = await startEmbeddedPostgres({ isDurable: true, maxConnections: 20 });
  client = new pg.Client(server.url);
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await server.stop();
});

async function set(name: string, value: string): Promise<void> {
  await client.query(`ALTER SYSTEM SET ${name} = ${pg.escapeLiteral(value)}`);
  await client.query("SELECT pg_reload_conf()");
  const shown = async () => (await client.query<Record<string, string>>(`SHOW ${name}`)).rows[0]?.[name];
  await expect.poll(shown).toBe(value);
}

const look = async (DATABASE_URL = server.url) => {
  const result = await doctor({ ...tenantsFile({ o: waba }), DATABASE_URL });
  return { code: result.code, findings: findingsOf(result) };
};

it("commits that outlast a crash are fine", async () => {
  expect(await look()).toEqual({ code: 0, findings: [] });
});

it.each([
  ["fsync", "off", "on", /^failed: fsync is off: .* → set fsync = on in postgresql.conf/],
  ["synchronous_commit", "off", "on", /^failed: synchronous_commit is off: .* → set synchronous_commit = on for /],
  ["full_page_writes", "off", "on", /^warning: full_page_writes is off: .* → set full_page_writes = on/],
  [
    "synchronous_standby_names",
    "standby_1",
    "",
    /^failed: commits wait for a standby of standby_1, but none is connected: nothing is accepted → start the standby/,
  ],
])("%s = %s", async (name, value, before, finding) => {
  await set(name, value);
  const { code, findings } = await look();
  await set(name, before);
  expect(findings).toEqual([expect.stringMatching(finding)]);
  expect(code).toBe(findings[0]?.startsWith("failed") ? 1 : 0);
});

it("synchronous_commit of the database alone", async () => {
  await client.query("ALTER DATABASE postgres SET synchronous_commit = off");
  const { code, findings } = await look();
  await client.query("ALTER DATABASE postgres RESET synchronous_commit");
  expect(code).toBe(1);
  expect(findings).toEqual([expect.stringContaining("synchronous_commit is off")]);
});

it("a store that a newer version wrote", async () => {
  await shared.query(
    "CREATE SCHEMA message_sender CREATE TABLE migrations (number int, name text, checksum text, procedures text)",
  );
  await shared.query("INSERT INTO message_sender.migrations VALUES (9999, '9999-later.sql', 'c', 'p')");
  const { code, findings } = await look(shared.url);
  expect(code).toBe(1);
  expect(findings).toContainEqual(
    expect.stringMatching(
      /^failed: DATABASE_URL: .* was written by a newer version of Message Sender → install the version of Message Sender that wrote it, or a newer one$/,
    ),
  );
});
