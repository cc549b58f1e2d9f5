import { spawn } from "node:child_process";
import { openSync } from "node:fs";

import { endWithUs } from "./child-processes.ts";
import { pause } from "./wait.ts";

const command = new URL("../../../packages/cli/src/main.ts", import.meta.url).pathname;

export interface ServerOptions {
  readonly environment: Readonly<Record<string, string>> & { readonly PORT: string };
  readonly failpoints: string;
  /** Takes what it prints. */
  readonly output: string;
}

interface Order {
  readonly enqueue?: object;
  readonly resolve?: { readonly messageId: string; readonly action: "resend" };
}

interface OrderAnswer {
  readonly id: number;
  readonly ok: boolean;
  readonly messageId?: string;
  readonly error?: string;
}

export interface ServerProcess {
  readonly url: string;
  readonly ended: Promise<Ending>;
  readonly isUp: boolean;
  /** From the start of the process to a 200 of /readyz; undefined where it ended before. */
  ready(timeoutMs: number): Promise<number | undefined>;
  /** Undefined where the process ended before it answered. */
  order(order: Order): Promise<OrderAnswer | undefined>;
  signal(signal: NodeJS.Signals): void;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The real command in a process of its own. */
export function startServer({ environment, failpoints, output }: ServerOptions): ServerProcess {
  const startedAt = performance.now();
  const printed = openSync(output, "a");
  const child = endWithUs(
    spawn(process.execPath, ["--conditions=@message-sender/source", command, "serve"], {
      env: { PATH: process.env["PATH"], FAILPOINTS: failpoints, ...environment },
      stdio: ["ignore", printed, printed, "ipc"],
    }),
  );
  const url = `http://127.0.0.1:${environment.PORT}`;
  const waiting = new Map<number, (answer: OrderAnswer | undefined) => void>();
  let isUp = true;
  let orders = 0;

  child.on("error", () => {});
  child.on("message", (answer: OrderAnswer) => {
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
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
      await answer?.body?.cancel().catch(() => {});
      if (answer?.status === 200) return performance.now() - startedAt;
      await pause(15);
    }
    return undefined;
  }

  function order(given: Order): Promise<OrderAnswer | undefined> {
    if (!isUp || !child.connected) return Promise.resolve(undefined);
    const id = (orders += 1);
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      child.send({ id, ...given }, (error) => error && resolve(undefined));
    });
  }

  return {
    url,
    ended,
    get isUp() {
      return isUp;
    },
    ready,
    order,
    signal: (signal) => void child.kill(signal),
  };
}
