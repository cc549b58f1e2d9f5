import { spawn } from "node:child_process";
import { openSync } from "node:fs";

import { compileCache } from "../../support/quick-start.ts";
import { killOnExit } from "./child-processes.ts";
import { pause } from "./wait.ts";

/** The command from its sources. */
const fromSources = [
  "--conditions=@message-sender/source",
  new URL("../../../packages/cli/src/main.ts", import.meta.url).pathname,
];

/** /readyz answers within four seconds. */
const answerLimitMs = 5000;

export interface ServerOptions {
  readonly environment: Readonly<Record<string, string>> & { readonly PORT: string };
  readonly failpoints: string;
  /** The path of the file for its output. */
  readonly output: string;
  /** What Node is called with to run the command. Default: its sources. */
  readonly program?: readonly string[];
}

interface Command {
  readonly enqueue?: object;
  readonly resolve?: { readonly messageId: string; readonly action: "resend" };
}

interface CommandResult {
  readonly id: number;
  readonly ok: boolean;
  readonly messageId?: string;
  readonly error?: string;
}

export interface ServerProcess {
  readonly pid: number | undefined;
  readonly url: string;
  readonly ended: Promise<Ending>;
  readonly isUp: boolean;
  /** The time from the start of the process to a 200 of /readyz. Undefined if it ended before. */
  ready(timeoutMs: number): Promise<number | undefined>;
  /** Undefined if the process ended before it answered. */
  execute(command: Command): Promise<CommandResult | undefined>;
  signal(signal: NodeJS.Signals): void;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs the real command in a process of its own. */
export function startServer({ environment, failpoints, output, program = fromSources }: ServerOptions): ServerProcess {
  const startedAt = performance.now();
  const printed = openSync(output, "a");
  const child = killOnExit(
    spawn(process.execPath, [...program, "serve"], {
      env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: compileCache, FAILPOINTS: failpoints, ...environment },
      stdio: ["ignore", printed, printed, "ipc"],
    }),
  );
  const url = `http://127.0.0.1:${environment.PORT}`;
  const waiting = new Map<number, (answer: CommandResult | undefined) => void>();
  let isUp = true;
  let commands = 0;

  child.on("error", () => {});
  child.on("message", (answer: CommandResult) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  const ended = new Promise<Ending>((resolve) => {
    child.once("exit", (code, signal) => {
      isUp = false;
      for (const lost of waiting.values()) lost(undefined);
      resolve({ code, signal });
    });
  });

  async function ready(timeoutMs: number): Promise<number | undefined> {
    while (isUp && performance.now() - startedAt < timeoutMs) {
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(answerLimitMs) }).catch(
        () => undefined,
      );
      await answer?.body?.cancel().catch(() => {});
      if (answer?.status === 200) return performance.now() - startedAt;
      await pause(15);
    }
    return undefined;
  }

  function execute(command: Command): Promise<CommandResult | undefined> {
    if (!isUp || !child.connected) return Promise.resolve(undefined);
    const id = (commands += 1);
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      child.send({ id, ...command }, (error) => error && resolve(undefined));
    });
  }

  return {
    pid: child.pid,
    url,
    ended,
    get isUp() {
      return isUp;
    },
    ready,
    execute,
    signal: (signal) => void child.kill(signal),
  };
}
