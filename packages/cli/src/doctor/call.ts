import { type Dispatcher, request } from "undici";

import { callTimeoutMs } from "./check.ts";

/** A complete answer. `body` is undefined if it is not JSON. */
export interface CallAnswer {
  readonly status: number;
  readonly text: string;
  readonly body: unknown;
  /** The time on the server's clock. */
  readonly date?: Date;
}

export interface CallOptions {
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly dispatcher?: Dispatcher;
  /** Ends the call early. */
  readonly signal?: AbortSignal;
}

/** Makes a call once, without redirects. The answer is a text if the call failed: why, without the URL. */
export async function call(
  url: string,
  { headers = {}, signal: ends, ...options }: CallOptions = {},
): Promise<CallAnswer | string> {
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(callTimeoutMs), ...(ends ? [ends] : [])]);
    const { statusCode: status, headers: answered, body } = await request(url, { ...options, headers, signal });
    const text = await readText(body);
    const at = Date.parse(String(answered["date"]));
    return { status, text, body: parsed(text), ...(!Number.isNaN(at) && { date: new Date(at) }) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "no answer";
    return `cannot be reached (${error instanceof Error && error.name === "TimeoutError" ? `no answer within ${callTimeoutMs} ms` : code})`;
  }
}

const longestAnswer = 1024 * 1024;

/** The rest of a longer answer is left unread. */
async function readText(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > longestAnswer) break;
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
