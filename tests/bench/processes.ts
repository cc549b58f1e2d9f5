import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import type { Order, Report, Services, Surroundings, Usage } from "./subject.ts";

/** A process that is measured. */
export interface Running {
  readonly child: ChildProcess;
  /** Where it takes requests; a client has none. */
  readonly url?: string;
}

export interface RunningServices extends Services {
  readonly child: ChildProcess;
}

export async function startServices(): Promise<RunningServices> {
  const child = fork(new URL("surroundings.ts", import.meta.url));
  return { child, ...(await answerOf<Services>(child)) };
}

export async function startSubject(name: string, surroundings: Surroundings): Promise<Running> {
  const child = fork(new URL(`subjects/${name}.ts`, import.meta.url), [JSON.stringify(surroundings)]);
  const report = await answerOf<Report>(child);
  return { child, ...(report.kind === "ready" && report.url !== undefined && { url: report.url }) };
}

export async function stop({ child }: { readonly child: ChildProcess }): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  if (child.connected) child.disconnect();
  await exited;
}

export function ask<Answer = Report>({ child }: { readonly child: ChildProcess }, order: Order | string) {
  const answer = answerOf<Answer>(child);
  child.send(order);
  return answer;
}

export async function usageOf(subject: Running): Promise<Usage> {
  const report = await ask(subject, { kind: "measure" });
  if (report.kind !== "measured") throw new Error(`a subject that was to measure answered ${report.kind}`);
  return report;
}

const glanceMs = 100;
const patienceMs = 10_000;

/** What goes on behind the answers belongs to the load as well. Gives the usage when next to nothing goes on any more. */
export async function quietUsageOf(subject: Running): Promise<Usage> {
  const giveUpAt = performance.now() + patienceMs;
  for (let before = await usageOf(subject); ;) {
    await sleep(glanceMs);
    const now = await usageOf(subject);
    if (now.cpuMicros - before.cpuMicros < (glanceMs * 1000) / 10 || performance.now() > giveUpAt) return now;
    before = now;
  }
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const answered = new AbortController();
  const exited = once(child, "exit", { signal: answered.signal }).then(([code]) => {
    throw new Error(`a process of the bench ended with ${String(code)}`);
  });
  exited.catch(() => {});
  try {
    const [answer] = (await Promise.race([once(child, "message", { signal: answered.signal }), exited])) as [Answer];
    return answer;
  } finally {
    answered.abort();
  }
}
