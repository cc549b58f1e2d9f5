import { err, ok, ResultAsync } from "neverthrow";
import { request } from "undici";

/** An answer of the server. Every answer of the API is a JSON object. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ApiCall {
  /** Default: POST with a body, GET without one. */
  readonly method?: "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface ApiUnreachable {
  readonly reason: string;
}

/** Longer than the server's deadline for a send. */
const answerTimeoutMs = 120_000;

/** Calls a running server's HTTP API. */
export function callApi(serverUrl: string, call: ApiCall): ResultAsync<ApiAnswer, ApiUnreachable> {
  return ResultAsync.fromPromise(exchange(serverUrl, call), (error) => ({
    reason: `no answer from ${serverUrl}: ${error instanceof Error ? error.message : String(error)} (is MESSAGE_SENDER_URL right?)`,
  })).andThen(({ status, text }) => {
    const body = objectIn(text);
    return body
      ? ok({ status, body })
      : err({
          reason: `${serverUrl} answered HTTP ${status} without a JSON object (is MESSAGE_SENDER_URL right?)`,
        });
  });
}

function objectIn(text: string): ApiAnswer["body"] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

async function exchange(serverUrl: string, { method, path, body, headers }: ApiCall) {
  const answer = await request(`${serverUrl}${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headersTimeout: answerTimeoutMs,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
  });
  return { status: answer.statusCode, text: await answer.body.text() };
}
