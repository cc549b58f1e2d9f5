import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { pin } from "./cores.ts";
import type { Command, Report, Services, SubjectEnvironment, Usage } from "./subject.ts";

/** A process that is measured. */
export interface Running {
  readonly child: ChildProcess;
  /** The URL of a server. A client has none. */
  readonly url?: string;
  /** For the requests to a server that asks for one. */
  readonly apiKey?: string;
}

/** A server that is measured. */
export interface RunningServer extends Running {
  readonly url: string;
}

export interface RunningServices extends Services {
  readonly child: ChildProcess;
}

export async function startServices(): Promise<RunningServices> {
  const child = fork(new URL("fake-services.ts", import.meta.url));
  pin(child.pid, "load");
  return { child, ...(await answerOf<Services>(child)) };
}

export async function startSubject(name: string, environment: SubjectEnvironment): Promise<Running> {
  const child = fork(new URL(`subjects/${name}.ts`, import.meta.url), [JSON.stringify(environment)]);
  pin(child.pid, "measured");
  const report = await answerOf<Report>(child);
  if (report.kind !== "ready") throw new Error(`the subject answered "${report.kind}" to its start`);
  const { kind: _, ...ready } = report;
  return { child, ...ready };
}

export async function stop({ child }: { readonly child: ChildProcess }): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  if (child.connected) child.disconnect();
  await exited;
}

export function ask<Answer = Report>({ child }: { readonly child: ChildProcess }, command: Command | string) {
  const answer = answerOf<Answer>(child);
  child.send(command);
  return answer;
}

export async function usageOf(subject: Running): Promise<Usage> {
  const report = await ask(subject, { kind: "measure" });
  if (report.kind !== "measured") throw new Error(`the subject answered "${report.kind}" to "measure"`);
  return report;
}

const pollMs = 100;
const patienceMs = 10_000;

/** Background work after the answers is part of the load. Returns the usage once the process is nearly idle. */
export async function quietUsageOf(subject: Running): Promise<Usage> {
  const giveUpAt = performance.now() + patienceMs;
  for (let before = await usageOf(subject); ;) {
    await sleep(pollMs);
    const now = await usageOf(subject);
    if (now.cpuMicros - before.cpuMicros < (pollMs * 1000) / 10 || performance.now() > giveUpAt) return now;
    before = now;
  }
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const answered = new AbortController();
  const exited = once(child, "exit", { signal: answered.signal }).then(([code]) => {
    throw new Error(`a process of the benchmark ended with ${String(code)}`);
  });
  exited.catch(() => {});
  try {
    const [answer] = (await Promise.race([once(child, "message", { signal: answered.signal }), exited])) as [Answer];
    return answer;
  } finally {
    answered.abort();
  }
}
