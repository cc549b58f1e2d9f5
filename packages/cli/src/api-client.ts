import { ResultAsync } from "neverthrow";
import { request } from "undici";

/** What the server answered; every answer of our API is a JSON object. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ApiCall {
  /** Default: GET, and POST with a body. */
  readonly method?: "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface ApiUnreachable {
  readonly reason: string;
}

/** Longer than a server's own deadline for a send. */
const answerTimeoutMs = 120_000;

/** Calls a running server's HTTP API. */
export function callApi(serverUrl: string, call: ApiCall): ResultAsync<ApiAnswer, ApiUnreachable> {
  return ResultAsync.fromPromise(answerOf(serverUrl, call), (error) => ({
    reason: `no answer from ${serverUrl}: ${error instanceof Error ? error.message : String(error)}`,
  }));
}

async function answerOf(serverUrl: string, { method, path, body, headers }: ApiCall): Promise<ApiAnswer> {
  const answer = await request(`${serverUrl}${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headersTimeout: answerTimeoutMs,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
  });
  return { status: answer.statusCode, body: (await answer.body.json()) as ApiAnswer["body"] };
}
