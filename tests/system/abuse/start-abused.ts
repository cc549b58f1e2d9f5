import { expect } from "vitest";

import { serveHere } from "../../support/serve-here.ts";
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
  const { url, printed, close } = await serveHere(environment, { isShared: true });
  return { url, pid: process.pid, printed, end: close, kill() {} };
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
