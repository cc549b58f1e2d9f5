import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { describe, expect, it, onTestFinished } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { usePostgres } from "../../support/postgres.ts";
import { serve } from "../../support/serve-process.ts";

const postgres = usePostgres();

async function sqliteFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-migrate-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "store.db");
}

async function versions(DATABASE_URL: string): Promise<{ from: number; to: number }> {
  return JSON.parse((await runInProcess(["migrate", "--json"], { DATABASE_URL })).stdout) as {
    from: number;
    to: number;
  };
}

const failureOf = (DATABASE_URL: string): Promise<unknown> =>
  runInProcess(["migrate"], { DATABASE_URL }).catch((error: unknown) => error);

describe("message-sender migrate", () => {
  it("creates a SQLite file, and then finds it up to date", async () => {
    const url = `sqlite:${await sqliteFile()}`;
    const { from, to } = await versions(url);
    expect(from).toBe(0);
    expect(to).toBeGreaterThan(0);
    expect(await versions(url)).toEqual({ from: to, to });
    const { stdout } = await runInProcess(["migrate"], { DATABASE_URL: url });
    expect(stdout).toBe(`The store is up to date, at schema version ${to}.\n`);
  });

  it("creates the schema on PostgreSQL, and then finds it up to date", async () => {
    const { url } = postgres;
    const { from, to } = await versions(url);
    expect(from).toBe(0);
    expect(to).toBeGreaterThan(0);
    expect(await versions(url)).toEqual({ from: to, to });
  });

  it("has nothing to do in memory", async () => {
    expect(await versions("memory:")).toEqual({ from: 0, to: 0 });
  });

  it("fails while a server has the file open", async () => {
    const path = await sqliteFile();
    await serve(["--sandbox"], { DATABASE_URL: `sqlite:${path}` });
    expect(await failureOf(`sqlite:${path}`)).toMatchObject({
      code: 1,
      stderr: `DATABASE_URL: ${path} is in use by another process: stop it first\n`,
    });
  });

  it("leaves a store of a sandbox, one of a newer version, and what is no store", async () => {
    const path = await sqliteFile();
    const url = `sqlite:${path}`;
    await writeFile(path, "not a database, but a text that is long enough to be taken for a file of SQLite".repeat(9));
    expect(await failureOf(url)).toMatchObject({ code: 1, stdout: "" });
    await rm(path);
    await versions(url);
    change(path, "UPDATE store_stamp SET stamp = 'sandbox'");
    expect(await failureOf(url)).toMatchObject({ code: 1, stderr: expect.stringContaining("sandbox") });
    change(path, "UPDATE store_stamp SET stamp = 'live'");
    change(path, "INSERT INTO migrations (number, name, checksum) VALUES (9999, 'later', 'x')");
    expect(await failureOf(url)).toMatchObject({ code: 1, stderr: expect.stringContaining("newer version") });
  });
});

function change(path: string, sql: string): void {
  const sqlite = new DatabaseSync(path);
  sqlite.exec(sql);
  sqlite.close();
}
