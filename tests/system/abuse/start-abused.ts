import { startHttpServer } from "@message-sender/http-adapter/inbound";
import { createService } from "@message-sender/server";
import { createLogger, createProcessRegistry } from "@message-sender/server/run";
import { readSettings, serverOptionsOf } from "@message-sender/server/settings";
import { expect } from "vitest";

import { checkAnswersOf } from "../../support/openapi/checked-servers.ts";
import { unpaced } from "../../support/running-service.ts";
import { exitOf, startServe } from "../../support/serve-process.ts";

/** A server that a test abuses. */
export interface Started {
  readonly url: string;
  /** The process that it runs in. */
  readonly pid: number | undefined;
  /** What it has printed so far. */
  printed(): string;
  /** Ends it in the ordinary way. */
  end(): Promise<void>;
  /** Ends what is left of it. */
  kill(): void;
}

export type StartAbused = (environment: Record<string, string>) => Promise<Started>;

/** Starts the server in the process of the test, which fails at an error that nobody catches. */
export async function startHere(environment: Record<string, string>): Promise<Started> {
  const settings = readSettings({ ...unpaced, ...environment }, { sandbox: false })._unsafeUnwrap();
  let printed = "";
  const logger = await createLogger(false, settings.LOG_LEVEL, { write: (line) => void (printed += line) });
  const service = await createService({ ...serverOptionsOf(settings), logger, metrics: createProcessRegistry() });
  const server = await startHttpServer({ app: service.app, host: settings.HOST, port: 0 });
  const stopChecking = checkAnswersOf(server.url);
  return {
    url: server.url,
    pid: process.pid,
    printed: () => printed,
    async end() {
      server.drain();
      await service.close();
      await server.close();
    },
    kill: stopChecking,
  };
}

/** Starts the real command in a process of its own. */
export async function startApart(environment: Record<string, string>): Promise<Started> {
  let kill = () => {};
  const server = await startServe([], environment, { onStart: (child) => (kill = () => void child.kill("SIGKILL")) });
  return {
    url: server.url,
    pid: server.child.pid,
    printed: server.printed,
    async end() {
      expect(server.child.exitCode, "the process is alive").toBe(null);
      server.child.kill("SIGTERM");
      expect(await exitOf(server.child)).toBe(0);
      await server.closed;
    },
    kill,
  };
}
