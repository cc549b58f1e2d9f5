import { existsSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";

import { runBench } from "../environment.ts";
import { ask, quietUsageOf, type Running, stop } from "../processes.ts";
import { measureSends } from "../rounds.ts";
import { parallel, sendMessages } from "../sends.ts";
import type { Report } from "../subject.ts";
import type { Amounts, Measure } from "./recorder.ts";

const sends = Number(process.env["BENCH_SENDS"] ?? 4000);
const warmUp = Number(process.env["BENCH_WARM_UP"] ?? 12_000);
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 7);
const limitMs = Number(process.env["BENCH_LIMIT_MS"] ?? 300_000);

/** Each does what the ones before it do, and more: the differences are the cost of what is added. */
const steps = [
  ["raw-request", "library"],
  ["core-alone", "library"],
  ["lean", "pass-through"],
  ["library", "server-unobserved"],
  ["server-unobserved", "server-in-memory"],
  ["server-in-memory", "server-on-sqlite"],
] as const;
const inSteps = [...new Set(steps.flat())];
const profiled = ["library", "server-in-memory", "server-on-sqlite"];

/** Prints CPU per send by subtraction, then of each subject what a send costs by part: CPU, allocations, promises, system calls. */
export function profileSubjects(names: readonly string[]): Promise<void> {
  const unknown = names.filter(
    (name) => !existsSync(fileURLToPath(new URL(`../subjects/${name}.ts`, import.meta.url))),
  );
  if (unknown.length > 0) throw new Error(`no such subject: ${unknown.join(", ")}`);
  return runBench(limitMs, async ({ start, isPinned }) => {
    console.log(`${sends} sends, ${parallel} in parallel, ${isPinned ? "each subject on one core" : "on all cores"}`);
    if (names.length === 0) await subtract(start);
    for (const name of names.length === 0 ? profiled : names) {
      const subject = await start(name);
      await profile(name, subject);
      await stop(subject);
    }
    console.log(`\nload average ${loadavg()[0]?.toFixed(1)}`);
  });
}

async function subtract(start: (name: string) => Promise<Running>): Promise<void> {
  const subjects = new Map<string, Running>();
  for (const name of inSteps) subjects.set(name, await start(name));
  for (const subject of subjects.values()) await measureSends(subject, warmUp);
  const measured = new Map<string, number[]>(inSteps.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, subject] of subjects) measured.get(name)?.push((await measureSends(subject, sends)).cpuMicros);
  }
  const micros = (name: string): number =>
    measured.get(name)?.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
  console.log("\nCPU per send, µs, by subtraction");
  for (const name of inSteps) row(name, micros(name).toFixed(1));
  for (const [less, more] of steps) row(`  ${more} - ${less}`, (micros(more) - micros(less)).toFixed(1));
  for (const subject of subjects.values()) await stop(subject);
}

async function profile(name: string, subject: Running): Promise<void> {
  await measureSends(subject, warmUp);
  const { cpuMicros } = await measureSends(subject, sends);
  console.log(`\n${name}: ${cpuMicros.toFixed(1)} µs of CPU per send, not profiled`);
  const cpu = await recorded(subject, "cpu");
  const all = sumOf(cpu);
  print(
    "µs per send, by part, of its own code (other threads apart)",
    cpu,
    (micros) => (micros / all) * cpuMicros,
    0.5,
  );
  print("bytes allocated per send, by part", await recorded(subject, "allocations"), (bytes) => bytes / sends, 50);
  print("asynchronous resources per send", await recorded(subject, "resources"), (count) => count / sends, 0.05);
  print("system calls per send, all threads", await recorded(subject, "system calls"), (count) => count / sends, 0);
}

async function recorded(subject: Running, measure: Measure): Promise<Amounts> {
  await quietUsageOf(subject);
  await ask(subject, { kind: "record", measure });
  if (subject.url === undefined) await ask(subject, { kind: "send", count: sends, parallel });
  else await sendMessages(subject.url, sends, subject.apiKey);
  await quietUsageOf(subject);
  const report = await ask<Report>(subject, { kind: "stop recording" });
  if (report.kind !== "recorded") throw new Error(`the subject answered "${report.kind}" to "stop recording"`);
  return report.amounts;
}

/** The largest first; what is less than `least` is added up. */
function print(title: string, amounts: Amounts, perSend: (amount: number) => number, least: number): void {
  console.log(`  ${title}: ${perSend(sumOf(amounts)).toFixed(1)}`);
  let rest = 0;
  for (const [part, amount] of Object.entries(amounts).toSorted(([, a], [, b]) => b - a)) {
    if (perSend(amount) < least) rest += perSend(amount);
    else row(`    ${part}`, perSend(amount).toFixed(2));
  }
  if (rest > 0) row("    all others", rest.toFixed(2));
}

function sumOf(amounts: Amounts): number {
  return Object.values(amounts).reduce((sum, amount) => sum + amount, 0);
}

function row(title: string, value: string): void {
  console.log(`${title.padEnd(48)}${value.padStart(12)}`);
}
