import { chownSync, copyFileSync, chmodSync, statSync } from "node:fs";
import { join } from "node:path";

import { createService } from "@message-sender/server";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";

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
  await vi.waitUntil(async () => (await shown()) === value, { timeout: 10_000 });
}

const look = async (DATABASE_URL = server.url) => {
  const result = await doctor({ ...tenantsFile({ o: waba }), DATABASE_URL });
  return {
    code: result.code,
    findings: findingsOf(result),
    names: result.checks.map(({ name }) => name),
    store: result.store,
  };
};

it("commits that outlast a crash are fine", async () => {
  const { names, store, ...found } = await look();
  expect(found).toEqual({ code: 0, findings: [] });
  expect(names).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^store on PostgreSQL \d+/),
      "commits of PostgreSQL: synchronous_commit = on, fsync = on, full_page_writes = on",
      "replication of PostgreSQL: no standbys",
      "connection to PostgreSQL: not encrypted, on this machine",
      expect.stringMatching(/^disk of PostgreSQL: the database has [\d.]+ MB; watch the room on its disk there$/),
    ]),
  );
  expect(store).toEqual({
    kind: "postgres",
    server_version: expect.stringMatching(/^\d+/),
    database_bytes: expect.any(Number),
    synchronous_commit: "on",
    fsync: true,
    full_page_writes: true,
    synchronous_standby_names: "",
    standbys: { connected: 0, synchronous: 0 },
    tls: null,
  });
});

it.each([
  ["fsync", "off", "on", /^failed: fsync is off: .* → set fsync = on in postgresql.conf/],
  [
    "synchronous_commit",
    "off",
    "on",
    /^failed: synchronous_commit is off: a crash loses the last commits, except those of Message Sender, which turns it on for each → set synchronous_commit = on for /,
  ],
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

it.each([
  [{ password: "canary" }, "28P01 (the user or the password is wrong)"],
  [{ username: "nobody" }, "28P01 (the user or the password is wrong)"],
  [{ pathname: "/nothing" }, "3D000 (there is no such database)"],
])("a connection that is refused: %j", async (change, reason) => {
  const { code, findings } = await look(Object.assign(new URL(server.url), change).href);
  expect(code).toBe(1);
  expect(findings).toEqual([
    `failed: DATABASE_URL: the PostgreSQL store failed: ${reason} → check the host, the user, the password and the database in DATABASE_URL, and that PostgreSQL runs`,
  ]);
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

describe("TLS:", () => {
  const files = join(import.meta.dirname, "..", "..", "support", "postgres-tls");

  /** A URL that leads to the host of the server's certificate. */
  const encrypted = (parameters: Record<string, string>, host = "localhost") => {
    const url = new URL(server.url);
    url.hostname = host;
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  };
  const verified = { sslmode: "verify-full", sslrootcert: join(files, "authority.pem") };

  it("a server without it", async () => {
    const { code, findings } = await look(encrypted(verified));
    expect(code).toBe(1);
    expect(findings).toEqual([
      expect.stringMatching(
        /^failed: DATABASE_URL: .*\(it accepts no TLS: its setting ssl is off\) → turn ssl on in postgresql.conf/,
      ),
    ]);
  });

  describe("a server with it", () => {
    beforeAll(async () => {
      const shown = await client.query<{ data_directory: string }>("SHOW data_directory");
      const folder = shown.rows[0]?.data_directory ?? "";
      const owner = statSync(folder);
      for (const name of ["server.crt", "server.key"]) {
        const path = join(folder, name);
        copyFileSync(join(files, name), path);
        chmodSync(path, 0o600);
        if (process.getuid?.() === 0) chownSync(path, owner.uid, owner.gid);
      }
      await set("ssl", "on");
    });

    afterAll(() => set("ssl", "off"));

    it("whose certificate is of the authority", async () => {
      const { names, store, ...found } = await look(encrypted(verified));
      expect(found).toEqual({ code: 0, findings: [] });
      expect(names).toContain("connection to PostgreSQL: encrypted (TLSv1.3), certificate verified");
      expect(store).toMatchObject({ tls: { protocol: "TLSv1.3", verified: true } });
    });

    it("whose certificate nobody verifies", async () => {
      const { code, findings, store } = await look(encrypted({ sslmode: "no-verify" }));
      expect(code).toBe(0);
      expect(findings).toEqual([
        expect.stringMatching(
          /^warning: encrypted \(TLSv1.3\), but its certificate is not verified.* → use sslmode=verify-full/,
        ),
      ]);
      expect(store).toMatchObject({ tls: { verified: false } });
    });

    it.each([
      ["other-authority.pem", "localhost", /certificate is not from the authority in sslrootcert/],
      ["authority.pem", "127.0.0.1", /certificate is for another host/],
      ["missing.pem", "localhost", /missing\.pem cannot be read \(ENOENT\)/],
    ])("with the authority %s, by the name %s", async (file, host, problem) => {
      const url = encrypted({ ...verified, sslrootcert: join(files, file) }, host);
      const { code, findings } = await look(url);
      expect(code).toBe(1);
      expect(findings).toEqual([expect.stringMatching(problem)]);
      expect(findings[0]).toMatch(/ → name the file of the certificate authority in sslrootcert/);
      const refused = await createService({ databaseUrl: url, tenants: {} }).catch(String);
      expect(refused).toMatch(problem);
    });

    it("is served through it, on every connection", async () => {
      const service = await createService({ databaseUrl: encrypted(verified), tenants: {} });
      onTestFinished(() => service.close());
      const { rows } = await client.query<{ ssl: boolean }>(
        "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
      );
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.filter(({ ssl }) => !ssl)).toEqual([]);
    });
  });
});
