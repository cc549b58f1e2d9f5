import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, open, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { createSystemClock } from "@message-sender/core/node";
import { startSandbox } from "@message-sender/emulator";
import { openSqliteStore } from "@message-sender/sqlite-adapter";
import { request } from "undici";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { startService } from "../../support/running-service.ts";
import { exitOf, post, runCommand, serve, settingsFor } from "../../support/serve-process.ts";

let folder: string;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let settings: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "message-sender-backup-"));
  sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  settings = { ...settingsFor(sandbox), DATABASE_URL: `sqlite:${join(folder, "store.db")}` };
});

const failureOf = (run: ReturnType<typeof runInProcess>) =>
  run.then(
    () => undefined,
    (error: { code: number; stderr: string }) => error,
  );

async function answerTo(sent: ReturnType<typeof post>) {
  const { statusCode, headers, body } = await sent;
  return {
    statusCode,
    replayed: headers["idempotency-replayed"],
    body: (await body.json()) as Record<string, unknown>,
  };
}

async function listed(url: string): Promise<readonly { readonly status: string }[]> {
  const { body } = await request(`${url}/api/v1/messages`);
  return ((await body.json()) as { messages: { status: string }[] }).messages;
}

/** A new store, as SQLite sees it. */
async function openStore(path: string): Promise<DatabaseSync> {
  await (await openSqliteStore(path, { clock: createSystemClock() }))._unsafeUnwrap().close();
  return new DatabaseSync(path);
}

describe("message-sender backup", () => {
  it("of a running server: a second server on the file answers a key as before, and sends nothing again", async () => {
    settings["ON_AMBIGUOUS"] = "hold";
    const { url, child } = await serve([], settings);
    const sent = await answerTo(post(url, { "idempotency-key": "order-1" }));
    expect(sent.statusCode).toBe(200);
    const fault = sandbox.faults.add({ target: "graph", effect: { delayMs: 600_000 } });
    const inFlight = post(url, { "idempotency-key": "order-2" }).catch(() => undefined);
    await expect.poll(() => listed(url)).toHaveLength(2);

    const file = join(folder, "backup.db");
    const { stdout } = await runCommand(["backup", file], { ...settings, MESSAGE_SENDER_URL: url });
    const { size, mode } = await stat(file);
    expect([JSON.parse(stdout), mode & 0o777]).toEqual([{ file, bytes: size }, 0o600]);
    expect((await answerTo(post(url, { "idempotency-key": "order-1" }))).replayed).toBe("true");
    child.kill("SIGKILL");
    await exitOf(child);
    await inFlight;

    fault.remove();
    const requests = sandbox.graph.messages.length;
    const second = await serve([], { ...settings, DATABASE_URL: `sqlite:${file}` });
    const replayed = await answerTo(post(second.url, { "idempotency-key": "order-1" }));
    expect(replayed).toMatchObject({ statusCode: 200, replayed: "true", body: sent.body });
    expect((await answerTo(post(second.url, { "idempotency-key": "order-2" }))).statusCode).toBe(504);
    expect((await listed(second.url)).map(({ status }) => status)).toEqual(["unknown", "sent"]);
    expect(sandbox.graph.messages).toHaveLength(requests);
  });

  it("without a server: copies the file itself", async () => {
    const { url, child } = await serve([], settings);
    const sent = await answerTo(post(url, { "idempotency-key": "order-1" }));
    child.kill("SIGKILL");
    await exitOf(child);
    const file = join(folder, "backup.db");
    await runCommand(["backup", file], { ...settings, MESSAGE_SENDER_URL: "http://127.0.0.1:9" });
    const second = await serve([], { ...settings, DATABASE_URL: `sqlite:${file}` });
    const replayed = await answerTo(post(second.url, { "idempotency-key": "order-1" }));
    expect(replayed).toMatchObject({ replayed: "true", body: sent.body });
  });

  it("overwrites nothing, and leaves no unfinished file behind", async () => {
    const { url } = await startService({ environment: { DATABASE_URL: settings["DATABASE_URL"] ?? "" } });
    const file = join(folder, "mine.txt");
    await writeFile(file, "mine");
    const exists = await failureOf(runInProcess(["backup", file], { ...settings, MESSAGE_SENDER_URL: url }));
    expect(exists).toMatchObject({ code: 1, stderr: expect.stringContaining("exists already") });
    expect(await readFile(file, "utf8")).toBe("mine");
    const astray = join(folder, "none", "new.db");
    const homeless = await failureOf(runInProcess(["backup", astray], { ...settings, MESSAGE_SENDER_URL: url }));
    expect(homeless).toMatchObject({ code: 1, stderr: `${astray} cannot be made: its folder does not exist.\n` });
    const absent = await failureOf(
      runInProcess(["backup", join(folder, "new.db")], { ...settings, MESSAGE_SENDER_URL: "http://127.0.0.1:9" }),
    );
    expect(absent).toMatchObject({ code: 3, stderr: expect.stringContaining("no answer from") });
    expect((await readdir(folder)).filter((name) => !name.startsWith("store.db"))).toEqual(["mine.txt"]);
  });

  it.each([
    ["a page", { "content-type": "text/html", "content-length": "4" }, "page", "answered without a backup"],
    [
      "a part of a backup",
      { "content-type": "application/vnd.sqlite3", "content-length": "100" },
      "SQLi",
      "did not send all of the backup",
    ],
  ])("takes %s for no backup, whatever the status", async (_, headers, body, words) => {
    const liar = createServer((asked, answer) => {
      answer.writeHead(200, headers).end(body);
      answer.once("finish", () => asked.socket.end());
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void liar.close());
    await once(liar, "listening");
    const url = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`;
    const failed = await failureOf(runInProcess(["backup", join(folder, "b.db")], { MESSAGE_SENDER_URL: url }));
    expect(failed).toMatchObject({ code: 3, stderr: expect.stringContaining(words) });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ["is damaged", (path: string) => writeFile(path, "no database".repeat(500)), "is damaged, or not a database"],
    [
      "is damaged behind its first pages",
      async (path: string) => {
        (await openStore(path)).close();
        const { size } = await stat(path);
        await using file = await open(path, "r+");
        await file.write(Buffer.alloc(size - 8192, 7), 0, size - 8192, 8192);
      },
      "is damaged, or not a database",
    ],
    [
      "was written by a newer version",
      async (path: string) => {
        const database = await openStore(path);
        database.exec("INSERT INTO migrations (number, name, checksum) VALUES (999, 'x', 'x')");
        database.close();
      },
      "was written by a newer version of Message Sender",
    ],
  ])("says what is wrong with a closed store that %s", async (_, write, words) => {
    const path = join(folder, "store.db");
    await write(path);
    const given = { ...settings, MESSAGE_SENDER_URL: "http://127.0.0.1:9" };
    const failed = await failureOf(runInProcess(["backup", join(folder, "new.db")], given));
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining(`${path} ${words}`) });
    expect(await readdir(folder)).toEqual(["store.db"]);
  });

  it("says that another store is not backed up this way", async () => {
    const { url } = await startService({ environment: { DATABASE_URL: "memory:" } });
    const failed = await failureOf(
      runInProcess(["backup", join(folder, "new.db")], { DATABASE_URL: "memory:", MESSAGE_SENDER_URL: url }),
    );
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("only a store in SQLite") });
    expect(await readdir(folder)).toEqual([]);
  });
});
