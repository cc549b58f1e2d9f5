import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { type Sandbox, startSandbox } from "@message-sender/emulator";
import { createKey, type NewApiKey } from "@message-sender/http-adapter/api-keys";
import { type Dispatcher, request } from "undici";
import { afterAll, beforeAll, expect } from "vitest";

import { settingsFor } from "../../support/serve-process.ts";
import { echoIn } from "./echo.ts";
import { startHere, type Started, type StartAbused } from "./start-abused.ts";

export const appSecret = "app-secret-of-the-abused-server";
export const verifyToken = "verify-token-of-the-abused-server";

/** Two customers of one server. */
export const ours = { tenant_id: "tenant-ours", outlet_id: "outlet-ours" };
export const theirs = { tenant_id: "tenant-theirs", outlet_id: "outlet-theirs" };

export const order = {
  ...ours,
  conversation_id: "talk-with-budi-4711",
  to: "+628123456789",
  message: "Hello! Your order is ready.",
  message_type: "text",
};

export interface Call {
  readonly method?: Dispatcher.HttpMethod;
  /** Default: a send. */
  readonly path?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer | AsyncIterable<Buffer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** What a client does: write something, write it every 300 ms until the server has had enough, or wait for an answer. */
export type Piece = string | Buffer | { readonly every: string } | typeof afterAnswer;
export const afterAnswer = Symbol("after the answer");

export interface AbusedServer {
  readonly sandbox: Sandbox;
  readonly url: string;
  readonly port: number;
  /** The process that it runs in. */
  readonly pid: number | undefined;
  readonly databasePath: string;
  /** An API key of all tenants and scopes. */
  readonly key: string;
  /** The header line with that key, and its line end. */
  readonly keyLine: string;
  /** A key of the first of the two customers alone. */
  readonly ourKey: string;
  /** What it has printed so far. */
  printed(): string;
  /** Makes a request, with the key unless it has an `authorization` of its own. Without a method and a path it is a send. */
  call(call: Call): Promise<Answer>;
  /** Sends this object as a message. */
  send(body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Makes a request that must be refused: with a problem that repeats nothing of it, and without a trace. */
  expectRefusal(call: Call, status: number | readonly number[]): Promise<Answer>;
  /** Does this on a new connection, and returns what comes back before the server closes it. */
  exchange(...pieces: readonly Piece[]): Promise<string>;
}

/**
 * A server with API keys, on a database of its own, for the tests of a file. At the end it must still be alive, have logged no unexpected
 * error, and have stored exactly the messages that it told its clients of. It runs in the process of the test unless `start` says otherwise.
 */
export function useAbusedServer(
  environment: Record<string, string> = {},
  start: StartAbused = startHere,
): AbusedServer {
  let sandbox: Sandbox;
  let folder: string;
  let server: Started;
  let key = "";
  let ourKey = "";
  const told = new Set<string>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "message-sender-abuse-"));
    sandbox = await startSandbox({ tenants: { [ours.tenant_id]: seedOf(1), [theirs.tenant_id]: seedOf(2) } });
    const keys = join(folder, "keys.json");
    key = await newKey(keys, "all");
    ourKey = await newKey(keys, [ours.tenant_id]);
    const settings = {
      API_KEYS_FILE: keys,
      DATABASE_URL: `sqlite:${join(folder, "store.db")}`,
      ...settingsFor(sandbox),
      WHATSAPP_APP_SECRET: appSecret,
      WHATSAPP_VERIFY_TOKEN: verifyToken,
      LOG_LEVEL: "debug",
      ...environment,
    };
    server = await start(settings);
  });

  afterAll(async () => {
    try {
      await expectGoodEnd();
    } finally {
      server.kill();
      await sandbox.close();
      await rm(folder, { recursive: true });
    }
  });

  async function expectGoodEnd(): Promise<void> {
    await server.end();
    expect(server.printed()).not.toContain("unexpected error");
    expect(server.printed(), "no API key").not.toContain("msk_");
    expect(server.printed(), "no control or bidirectional character").not.toMatch(unprintable);
    expect(storedIn(join(folder, "store.db"))).toEqual(told);
  }

  async function call({ method = "POST", path = "/api/v1/messages/send", headers, body }: Call): Promise<Answer> {
    const answer = await request(`${server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      body: body as Buffer,
      headersTimeout: 120_000,
    });
    const text = await answer.body.text();
    const json = jsonIn(text);
    if (typeof json["message_id"] === "string") told.add(json["message_id"]);
    return { status: answer.statusCode, headers: answer.headers, text, json };
  }

  async function expectRefusal(refused: Call, status: number | readonly number[]): Promise<Answer> {
    const before = sandbox.graph.requestCount;
    const answer = await call(refused);
    expect([status].flat(), answer.text).toContain(answer.status);
    expectProblem(answer);
    expect(answer.json["message_id"]).toBeUndefined();
    expect(echoIn(answer.text, refused)).toBeUndefined();
    expect(sandbox.graph.requestCount).toBe(before);
    return answer;
  }

  const port = () => Number(new URL(server.url).port);
  return {
    get sandbox() {
      return sandbox;
    },
    get url() {
      return server.url;
    },
    get port() {
      return port();
    },
    get pid() {
      return server.pid;
    },
    get databasePath() {
      return join(folder, "store.db");
    },
    get key() {
      return key;
    },
    get keyLine() {
      return `Authorization: Bearer ${key}\r\n`;
    },
    get ourKey() {
      return ourKey;
    },
    printed: () => server.printed(),
    call,
    send: (body, headers = {}) => call({ body: JSON.stringify(body), headers }),
    expectRefusal,
    exchange: (...pieces) => exchangeWith(port(), pieces),
  };
}

/** RFC 9457, with our own fields where they belong. */
export function expectProblem({ status, headers, json }: Answer): void {
  expect(headers["content-type"]).toBe("application/problem+json");
  expect(json).toMatchObject({
    type: expect.stringMatching(/^(?:about:blank|\/problems\/[a-z-]+)$/),
    title: expect.any(String),
    status,
    detail: expect.stringMatching(/^[A-Z].{5,}/),
  });
  expect(json["instance"]).toBe(headers["x-request-id"]);
}

const unprintable = /[^\P{Cc}\n]|[\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u;

async function newKey(path: string, tenants: NewApiKey["tenants"]): Promise<string> {
  const scopes = ["send", "read", "admin", "metrics", "console"] as const;
  return (await createKey(path, { name: "of the abused server", tenants, scopes }))._unsafeUnwrap().key;
}

function seedOf(number: number) {
  const credentials = { waba_access_token: `EAAabused${number}`, phone_number_id: `10654035224292${number}` };
  return { quota: { limit: 100_000 }, outlets: { [number === 1 ? ours.outlet_id : theirs.outlet_id]: credentials } };
}

function jsonIn(text: string): Answer["json"] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function storedIn(path: string): ReadonlySet<unknown> {
  const database = new DatabaseSync(path, { readOnly: true });
  const ids = database.prepare("SELECT id FROM messages").all();
  database.close();
  return new Set(ids.map((row) => row["id"]));
}

async function exchangeWith(port: number, pieces: readonly Piece[]): Promise<string> {
  let answer = "";
  let isClosed = false;
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve())).then(() => (isClosed = true));
  const answered = new Promise((resolve) => socket.once("data", resolve));
  socket.on("data", (chunk) => (answer += String(chunk)));
  for (const piece of pieces) {
    if (piece === afterAnswer) await Promise.race([closed, answered]);
    else if (typeof piece === "string" || Buffer.isBuffer(piece)) socket.write(piece);
    else {
      for (; !isClosed; await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 300))])) {
        socket.write(piece.every);
      }
    }
  }
  await closed;
  return answer;
}
