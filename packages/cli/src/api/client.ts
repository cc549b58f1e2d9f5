import { exitCode } from "@message-sender/server/process";
import { err, ok, ResultAsync } from "neverthrow";
import { request } from "undici";

import type { ApiServer } from "./server.ts";
import { readAnswer } from "./read-answer.ts";

/** An answer of the server. Every answer of the API is a JSON object. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ApiCall {
  /** Default: POST with a body, GET without one. */
  readonly method?: "POST" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** The server gave no answer of the API. `exitCode` is the exit code of the command. */
export interface ApiFailure {
  readonly reason: string;
  readonly exitCode: number;
}

/** Longer than the server's deadline for a send. */
const answerTimeoutMs = 120_000;

/** The longest answer of the API is a page of kept webhooks. */
const largestAnswerMiB = 64;

/** Calls a running server's HTTP API. */
export function callApi(server: ApiServer, call: ApiCall): ResultAsync<ApiAnswer, ApiFailure> {
  return ResultAsync.fromPromise(exchange(server, call), (error) =>
    unavailable(
      `no answer from ${server.url}: ${messageOf(error)}`,
      "does a server run, and is MESSAGE_SENDER_URL right?",
    ),
  ).andThen(({ status, text }) => {
    if (text === undefined) {
      return err(unavailable(`${server.url} answered HTTP ${status} with more than ${largestAnswerMiB} MiB`));
    }
    const body = objectIn(text);
    if (!body) return err(unavailable(`${server.url} answered HTTP ${status} without a JSON object`));
    return ok({ status, body });
  });
}

function unavailable(reason: string, question = "is MESSAGE_SENDER_URL right?"): ApiFailure {
  return { reason: `${reason} (${question})`, exitCode: exitCode.unavailable };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function objectIn(text: string): ApiAnswer["body"] | undefined {
  try {
    const value: unknown = JSON.parse(text, keepExact);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Kept webhooks have numbers that a double cannot represent: `JSON.stringify` writes them as the server did. */
function keepExact(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isRounded = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  return isRounded && context?.source !== undefined ? json.rawJSON(context.source) : value;
}

/** TypeScript does not know it yet. */
const json = JSON as unknown as { rawJSON(text: string): unknown };

async function exchange({ url, apiKey }: ApiServer, { method, path, body, headers }: ApiCall) {
  const answer = await request(`${url}${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headersTimeout: answerTimeoutMs,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers: {
      ...headers,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(apiKey && { authorization: `Bearer ${apiKey.reveal()}` }),
    },
  });
  return { status: answer.statusCode, text: await readAnswer(answer.body, largestAnswerMiB * 1024 * 1024) };
}
