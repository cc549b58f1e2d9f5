import type { Cluster, Worker } from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";

import type { ServerLog } from "../../log/server-log.ts";
import { endAtOnce } from "../end-process.ts";
import { exitCode } from "../exit-code.ts";
import { endSignal } from "../signals.ts";
import type { Settings } from "../../settings/environment.ts";
import type { Subject } from "../../reports/peers.ts";
import type { FromChild, FromParent } from "./messages.ts";
import { createRestarts } from "./restarts.ts";
import { createWholeLines } from "./whole-lines.ts";

/** Longer than each child takes at most. */
const shutdownLimitMs = 24_500;
const collectMs = 1000;

interface Child {
  readonly number: number;
  readonly worker: Worker;
  readonly startedMs: number;
}

/** How many children there are, and the arguments of one: of the program that this process runs, with its number from 1 on. */
export interface RunProcessesOptions {
  readonly count: number;
  /** Those of the child with this number. */
  readonly argumentsOf: (number: number) => readonly string[];
}

/**
 * Runs the program of this process in several children that share its ports, until SIGTERM, SIGINT or SIGHUP; resolves with the exit
 * code. A child that ends is replaced. The first one starts alone: what is wrong with the settings is said once.
 */
export async function runProcesses(settings: Settings, { count, argumentsOf }: RunProcessesOptions): Promise<number> {
  const [{ default: cluster }, { createServerLog }] = await Promise.all([
    import("node:cluster"),
    import("../../log/server-log.ts"),
  ]);
  const log = await createServerLog(settings);
  try {
    return await createParent(cluster, log, argumentsOf).run(count);
  } finally {
    await log.close();
  }
}

function createParent(cluster: Cluster, log: ServerLog, argumentsOf: RunProcessesOptions["argumentsOf"]) {
  const children = new Map<number, Child>();
  const collecting = new Map<number, (number: number, text: string) => void>();
  let isEnding = false;
  let collections = 0;
  let worstCode: number = exitCode.ok;

  function say({ worker }: Child, message: FromParent): void {
    if (worker.isConnected()) worker.send(message, () => {});
  }

  /** What the children say of a subject. One that says nothing within a second is left out. */
  async function collect(subject: Subject): Promise<readonly (readonly [number, string])[]> {
    const id = (collections += 1);
    const texts = new Map<number, string>();
    const all = Promise.withResolvers<void>();
    const asked = [...children.values()];
    collecting.set(id, (number, text) => {
      texts.set(number, text);
      if (texts.size >= asked.length) all.resolve();
    });
    for (const child of asked) say(child, { kind: "Wanted", id, subject });
    await Promise.race([all.promise, sleep(collectMs, undefined, { ref: false })]);
    collecting.delete(id);
    return [...texts].toSorted(([a], [b]) => a - b);
  }

  async function tell(child: Child, id: number, subject: Subject): Promise<void> {
    say(child, { kind: "Collected", id, texts: await collect(subject) });
  }

  function heard(child: Child, message: FromChild, onListening: (message: Listening) => void): void {
    if (message.kind === "Listening") onListening(message);
    else if (message.kind === "Told") collecting.get(message.id)?.(child.number, message.text);
    else tell(child, message.id, message.subject).catch(() => {});
  }

  /** Starts a child. `listening` is undefined if it ends before it listens; `ended` is its exit code. */
  function start(number: number) {
    // Each child writes to a pipe: lines of several writers to one output could mix.
    cluster.setupPrimary({ silent: true, args: [...argumentsOf(number)] });
    const worker = cluster.fork({ LOG_FORMAT: log.format });
    const child: Child = { number, worker, startedMs: performance.now() };
    children.set(number, child);
    const out = createWholeLines(log.pass);
    worker.process.stdout?.setEncoding("utf8").on("data", out.add).on("end", out.end);
    worker.process.stderr?.pipe(process.stderr, { end: false });
    const listening = Promise.withResolvers<Listening | undefined>();
    const ended = Promise.withResolvers<number>();
    worker.on("message", (message: FromChild) => heard(child, message, listening.resolve));
    worker.process.once("close", (code: number | null, signal: string | null) => {
      children.delete(number);
      listening.resolve(undefined);
      if (isEnding && code !== exitCode.ok) worstCode = exitCode.failed;
      if (!isEnding) log.logger.warn({ process: number, exit_code: code, signal }, "a process has ended");
      ended.resolve(code ?? exitCode.failed);
    });
    if (isEnding) say(child, { kind: "ShutDown" });
    return { listening: listening.promise, ended: ended.promise, child };
  }

  /** Replaces a child whenever it ends, until all are to end. */
  async function keep(number: number, first: ReturnType<typeof start>): Promise<void> {
    const restarts = createRestarts();
    for (let current = first; ; current = start(number)) {
      await current.ended;
      if (isEnding) return;
      await Promise.race([sleep(restarts.nextMs(performance.now() - current.child.startedMs)), ending]);
      if (isEnding) return;
    }
  }

  const ending = endSignal();
  function end(signal: NodeJS.Signals): void {
    isEnding = true;
    log.logger.info({ signal }, "shutting down all processes");
    setTimeout(() => endAtOnce(exitCode.failed), shutdownLimitMs).unref();
    for (const child of children.values()) say(child, { kind: "ShutDown" });
  }

  return {
    async run(count: number): Promise<number> {
      const ended = ending.then(end);
      const first = start(1);
      const listening = await first.listening;
      if (!listening) return isEnding ? exitCode.ok : first.ended;
      const others = isEnding ? [] : Array.from({ length: count - 1 }, (_, index) => start(index + 2));
      await Promise.all(others.map((other) => other.listening));
      if (!isEnding) log.announce(`listening on ${listening.url}`, { ...listening.others, processes: count });
      await Promise.all([ended, ...[first, ...others].map((child, index) => keep(index + 1, child))]);
      return worstCode;
    },
  };
}

type Listening = Extract<FromChild, { kind: "Listening" }>;
