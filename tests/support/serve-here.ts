import { startHttpServer } from "@message-sender/http-adapter/inbound";
import { createService } from "@message-sender/server";
import { createLogger, createProcessRegistry } from "@message-sender/server/run";
import { readSettings, serverOptionsOf } from "@message-sender/server/settings";
import { onTestFinished } from "vitest";

import { checkAnswersOf } from "./openapi/checked-servers.ts";
import { unpaced } from "./running-service.ts";

export interface ServerHere {
  readonly url: string;
  /** Its log so far. */
  printed(): string;
  /** Answers what it has accepted, and closes. */
  close(): Promise<void>;
}

/**
 * Starts what `serve` starts with these settings, but in this process: a new process takes a third of a second to start, and compiles the
 * server anew. A test of what the server does with its process, its outputs or its ports needs `serve`. For a server with emulated services
 * there is `startService`. It closes after the test.
 */
export async function serveHere(
  environment: Readonly<Record<string, string>>,
  { isShared = false }: { /** Its caller closes it. */ readonly isShared?: boolean } = {},
): Promise<ServerHere> {
  const given = { DATABASE_URL: "memory:", ...unpaced, ...environment };
  const settings = readSettings(given, { sandbox: false })._unsafeUnwrap();
  let printed = "";
  const logger = await createLogger(false, settings.LOG_LEVEL, { write: (line) => void (printed += line) });
  const service = await createService({ ...serverOptionsOf(settings), logger, metrics: createProcessRegistry() });
  const server = await startHttpServer({ app: service.app, host: settings.HOST, port: 0 });
  const stopChecking = checkAnswersOf(server.url);
  let closing: Promise<void> | undefined;
  async function closeAll(): Promise<void> {
    server.drain();
    await service.close();
    await server.close();
    stopChecking();
  }
  const close = () => (closing ??= closeAll());
  if (!isShared) onTestFinished(close);
  return { url: server.url, printed: () => printed, close };
}
