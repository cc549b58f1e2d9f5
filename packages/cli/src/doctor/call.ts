import { type Dispatcher, request } from "undici";

import { readStart } from "../api/read-answer.ts";
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
export async function call(url: string, { signal: ends, ...options }: CallOptions = {}): Promise<CallAnswer | string> {
  const signal = AbortSignal.any([AbortSignal.timeout(callTimeoutMs), ...(ends ? [ends] : [])]);
  try {
    return await Promise.race([exchange(url, options, signal), endOf(signal)]);
  } catch (error) {
    return `cannot be reached (${reasonOf(error)})`;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  if (error.name === "TimeoutError") return `no answer within ${callTimeoutMs} ms`;
  const [, refused] = /^Proxy response \((\d{3})\)/.exec(error.message) ?? [];
  if (refused !== undefined) return `the proxy answered HTTP ${refused}`;
  return "code" in error ? String(error.code) : "no answer";
}

async function exchange(
  url: string,
  { headers = {}, ...options }: Omit<CallOptions, "signal">,
  signal: AbortSignal,
): Promise<CallAnswer> {
  const { statusCode: status, headers: answered, body } = await request(url, { ...options, headers, signal });
  const { text } = await readStart(body, longestAnswer);
  const at = Date.parse(String(answered["date"]));
  return { status, text, body: parsed(text), ...(!Number.isNaN(at) && { date: new Date(at) }) };
}

const longestAnswer = 1024 * 1024;

/** undici looks at a signal once it has a connection, and a peer or a proxy may be silent during the handshake. */
function endOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
