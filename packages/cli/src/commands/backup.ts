import { exitCode } from "@message-sender/server/process";
import type { Settings } from "@message-sender/server/settings";
import { sqlitePath, storeKind } from "@message-sender/server/store";
import { backUpSqliteFile, inspectSqliteStore } from "@message-sender/sqlite-adapter";
import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { request } from "undici";

import { type ApiServer, serverOf } from "../api/server.ts";
import { exitCodeOf } from "../api/exit-code.ts";
import { createNewFile } from "../new-file.ts";
import { printJson, printProblem } from "../print.ts";
import { readAnswer } from "../api/read-answer.ts";

/** The server answered with a problem. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** No server answered. */
class NoAnswer extends Error {}

/**
 * Backs up the SQLite store: through the server that has it open, or directly if no process has. Prints the file and its size. No
 * unfinished file is left behind.
 */
export async function backup(settings: Settings, path: string): Promise<number> {
  try {
    const file = await closedStoreOf(settings);
    await createNewFile(path, (unfinished) =>
      file === undefined ? download(serverOf(settings), unfinished) : backUpSqliteFile(file, unfinished),
    );
    printJson({ file: path, bytes: (await stat(path)).size });
    return exitCode.ok;
  } catch (cause) {
    printProblem(cause instanceof Error ? cause.message : String(cause));
    if (cause instanceof Refused) return exitCodeOf(cause.status);
    return cause instanceof NoAnswer ? exitCode.unavailable : exitCode.failed;
  }
}

/**
 * The file of a store that no process has open. Throws if no server can have it open either, because of what is in it. A server may
 * have one that this user cannot look at.
 */
async function closedStoreOf({ DATABASE_URL }: Settings): Promise<string | undefined> {
  if (storeKind(DATABASE_URL) !== "sqlite") return undefined;
  const path = sqlitePath(DATABASE_URL);
  const found = await inspectSqliteStore(path);
  if (found.isOk()) return found.value.kind === "Usable" ? path : undefined;
  if (unusable.test(found.error.reason)) throw new Error(`DATABASE_URL: ${found.error.reason}`);
  return undefined;
}

const unusable = /is damaged|not a message store|is not a file|(?:newer|unreleased) version/;

async function download({ url, apiKey }: ApiServer, unfinished: string): Promise<void> {
  const answer = await request(`${url}/api/v1/admin/backup`, {
    method: "POST",
    ...(apiKey && { headers: { authorization: `Bearer ${apiKey.reveal()}` } }),
  }).catch((cause: Error) => {
    throw new NoAnswer(
      `no answer from ${url}: ${cause.message} (is MESSAGE_SENDER_URL right? Without a server, DATABASE_URL names the file to back up)`,
    );
  });
  if (answer.statusCode !== 200) throw new Refused(answer.statusCode, await problemOf(url, answer));
  if (answer.headers["content-type"] !== "application/vnd.sqlite3") {
    drop(answer);
    throw new NoAnswer(`${url} answered without a backup (is MESSAGE_SENDER_URL right?)`);
  }
  await pipeline(sentBy(url, answer.body), createWriteStream(unfinished));
  const expected = Number(answer.headers["content-length"]);
  const { size } = await stat(unfinished);
  if (size !== expected) throw new NoAnswer(`${url} sent ${size} of ${expected} bytes`);
}

/** The pieces of a body. An error while they arrive is the server's; an error while they are written is the disk's. */
async function* sentBy(url: string, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (cause) {
    throw new NoAnswer(
      `${url} did not send all of the backup: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}

type Answer = Awaited<ReturnType<typeof request>>;

/** Leaves a body unread: that of another server may have no end. */
function drop({ body }: Answer): void {
  body.on("error", () => {}).destroy();
}

async function problemOf(url: string, answer: Answer): Promise<string> {
  const isProblem = answer.headers["content-type"] === "application/problem+json";
  if (!isProblem) drop(answer);
  const text = isProblem ? await readAnswer(answer.body, longestProblem).catch(() => undefined) : undefined;
  const said = detailIn(text);
  return `${url} answered HTTP ${answer.statusCode}.${said === undefined ? "" : ` ${said}`}`;
}

const longestProblem = 1024 * 1024;

function detailIn(text: string | undefined): string | undefined {
  try {
    const { detail } = JSON.parse(text ?? "{}") as { readonly detail?: unknown };
    return typeof detail === "string" ? detail : undefined;
  } catch {
    return undefined;
  }
}
