import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";

import { exampleMessage } from "@message-sender/core/contracts";
import { createSystemClock } from "@message-sender/core/node";
import { openSqliteStore } from "@message-sender/sqlite-adapter";
import { expect, it, onTestFinished } from "vitest";

import { type RunningService, startService } from "../../support/running-service.ts";
import { bareEnvironment, quickProgram } from "../../support/serve-process.ts";

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "message-sender-left-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** Larger than what fits into the buffers between two sockets. */
async function largeStore(): Promise<string> {
  const path = join(await folder(), "store.db");
  const store = (await openSqliteStore(path, { clock: createSystemClock(), stamp: "sandbox" }))._unsafeUnwrap();
  const body = "x".repeat(30_000);
  const accepted = Array.from({ length: 1000 }, () => store.messages.accept(exampleMessage({ body, mode: "waiting" })));
  for (const one of accepted) (await one)._unsafeUnwrap();
  await store.close();
  return path;
}

/** Begins a backup over HTTP, whose body nobody reads yet. */
async function begin({ url }: RunningService): Promise<IncomingMessage> {
  const asked = httpRequest(`${url}/api/v1/admin/backup`, { method: "POST", agent: false }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  answer.on("error", () => {});
  return answer;
}

it("a client that leaves in the middle of a backup: the server sends, and makes the next backup", async () => {
  const path = await largeStore();
  const service = await startService({ environment: { DATABASE_URL: `sqlite:${path}` } });
  const first = await begin(service);
  expect(first.statusCode).toBe(200);
  await once(first, "readable");

  const second = await begin(service);
  expect(second.statusCode, "one at a time").toBe(409);
  expect((await service.send()).status).toBe(200);
  const before = await readdir(join(path, ".."));

  first.destroy();
  const next = async () => {
    const answer = await begin(service);
    if (answer.statusCode !== 200) return answer.statusCode;
    let size = 0;
    for await (const piece of answer as AsyncIterable<Buffer>) size += piece.length;
    return size === Number(answer.headers["content-length"]) ? "whole" : "cut";
  };
  await expect.poll(next).toBe("whole");
  expect((await service.send()).status).toBe(200);
  expect(await readdir(join(path, "..")), "no file of the server is left").toEqual(before);
});

it.each(["SIGINT", "SIGTERM"] as const)("message-sender backup that %s ends leaves no file", async (signal) => {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/vnd.sqlite3", "content-length": "1000" });
    response.write("a piece");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const into = await folder();
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, [...quickProgram(), "backup", join(into, "backup.db")], {
    env: { ...bareEnvironment, MESSAGE_SENDER_URL: `http://127.0.0.1:${port}` },
    stdio: "ignore",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await expect.poll(() => readdir(into)).toEqual([expect.stringContaining(".unfinished")]);
  child.kill(signal);
  expect(await once(child, "exit")).toEqual([null, signal]);
  expect(await readdir(into)).toEqual([]);
});
