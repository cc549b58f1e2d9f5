import { type Sandbox, type SandboxOptions, startSandbox } from "@message-sender/emulator";
import { startHttpServer } from "@message-sender/http-adapter/inbound";
import { createProcessRegistry } from "@message-sender/server/run";
import { createService } from "@message-sender/server";
import { readSettings, serverOptionsOf } from "@message-sender/server/settings";
import { pino } from "pino";
import { request } from "undici";
import { onTestFinished } from "vitest";

import { checkAnswersOf } from "./openapi/checked-servers.ts";

export const tenant = "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a01";
export const outlet = "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a02";
export const conversation = "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a03";

/**
 * Tests send many messages from one number to few recipients, on busy machines, where an attempt may take longer than ten seconds: it
 * would be repeated. Tests of pacing, of overload and of late answers set these themselves.
 */
export const unpaced = { PACING: "off", SHED_LOOP_DELAY_MS: "0", SHED_STORE_MS: "0", ATTEMPT_TIMEOUT_MS: "300000" };

/** The request of the API's own documentation. */
export const order = {
  tenant_id: tenant,
  outlet_id: outlet,
  conversation_id: conversation,
  to: "+628123456789",
  message: "Hello! Your order is ready.",
  message_type: "text",
};

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
}

export interface RunningService {
  readonly sandbox: Sandbox;
  readonly url: string;
  /** The lines of the log so far. */
  readonly log: readonly string[];
  send(body?: object, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: object, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  close(): Promise<void>;
}

/** The whole server on real sockets, with emulated services. It closes after the test, or is shared by tests and closed by its caller. */
export async function startService({
  sandbox: sandboxOptions,
  environment = {},
  host = "127.0.0.1",
  isShared = false,
  isMeasured = false,
}: {
  sandbox?: SandboxOptions;
  environment?: Record<string, string>;
  host?: string;
  isShared?: boolean;
  /** Whether it has metrics, as `serve` has. */
  isMeasured?: boolean;
} = {}): Promise<RunningService> {
  const sandbox = await startSandbox(sandboxOptions);
  const log: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => void log.push(line) });
  const settings = readSettings({ RETRY_JITTER: "0", ...unpaced, ...environment }, { sandbox: true })._unsafeUnwrap();
  const metrics = isMeasured && { metrics: createProcessRegistry() };
  const service = await createService({ ...serverOptionsOf(settings), ...metrics, sandbox, logger });
  const server = await startHttpServer({ app: service.app, host, port: 0 });
  const stopChecking = checkAnswersOf(server.url);

  let closed = false;
  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    await service.close();
    await server.close();
    stopChecking();
  }
  if (!isShared) onTestFinished(close);

  async function call(
    path: string,
    options: { method?: "POST"; body?: string; headers?: Record<string, string> } = {},
  ) {
    const answer = await request(`${server.url}${path}`, { headersTimeout: 120_000, ...options });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: (await answer.body.json()) as Answer["body"],
    };
  }
  const post: RunningService["post"] = (path, body, headers = {}) =>
    call(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });
  return {
    sandbox,
    url: server.url,
    log,
    send: (body = order, headers) => post("/api/v1/messages/send", body, headers),
    post,
    get: (path) => call(path),
    close,
  };
}

/** Waits until a condition of the background work is true. */
export async function until(condition: () => boolean, timeoutMs = 120_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error("the condition did not become true in time");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
