import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";

import { Pool } from "undici";

import { inParallel, type Order, type Report, type Surroundings } from "./subject.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 7);
const sendsARound = Number(process.env["BENCH_SENDS"] ?? 4000);
const warmUpSends = Number(process.env["BENCH_WARM_UP"] ?? 20_000);
const parallel = 64;

interface Running {
  readonly name: string;
  readonly child: ChildProcess;
  readonly url?: string;
}

interface Measured {
  readonly cpuMicros: number;
  readonly perSecond: number;
}

const subjects = {
  "pass-through": "bare Hono + undici pass-through",
  "server-in-memory": "our server, in memory",
  "server-on-sqlite": "our server, on SQLite",
  "raw-request": "raw undici.request",
  library: "createMessageSender as a library",
} as const;
type Name = keyof typeof subjects;

const surroundings = fork(new URL("surroundings.ts", import.meta.url));
const [found] = (await once(surroundings, "message")) as [Surroundings];
const running: Running[] = [];
for (const name of Object.keys(subjects)) running.push(await start(name, found));

const results = new Map<string, Measured[]>(running.map(({ name }) => [name, []]));
// A server runs for long, so what is measured is warmed-up code. Rounds take turns: a machine that slows down slows everyone.
for (const subject of running) await measure(subject, warmUpSends);
for (let round = 0; round < rounds; round += 1) {
  for (const subject of running) results.get(subject.name)?.push(await measure(subject, sendsARound));
}
for (const { child } of running) child.disconnect();
surroundings.disconnect();

console.log(
  `${cpus()[0]?.model} × ${cpus().length}, Node ${process.versions.node}, ${rounds} rounds of ${sendsARound} sends, ${parallel} in parallel; medians\n`,
);
console.log("subject                             CPU a send   sends a second");
for (const [name, title] of Object.entries(subjects)) {
  const { cpuMicros, perSecond } = median(name as Name);
  console.log(`${title.padEnd(36)}${`${cpuMicros.toFixed(0)} µs`.padStart(9)}${perSecond.toFixed(0).padStart(17)}`);
}
console.log("");
compare("server-in-memory", "pass-through", 2);
const slowdown = median("server-on-sqlite").perSecond / median("server-in-memory").perSecond;
console.log(
  `sends a second, on SQLite / in memory: ${slowdown.toFixed(2)} (aim ≥ 0.6: ${slowdown >= 0.6 ? "reached" : "missed"})`,
);
compare("library", "raw-request", 1.5);

async function start(name: string, { graphUrl, tenantUrl, conversationUrl }: Surroundings): Promise<Running> {
  const child = fork(new URL(`subjects/${name}.ts`, import.meta.url), [
    JSON.stringify({ graphUrl, tenantUrl, conversationUrl }),
  ]);
  const report = await answerOf(child);
  return { name, child, ...(report.kind === "ready" && report.url !== undefined && { url: report.url }) };
}

async function measure(subject: Running, count: number): Promise<Measured> {
  const before = await cpuOf(subject);
  const startedAt = performance.now();
  if (subject.url === undefined) await ask(subject, { kind: "send", count, parallel });
  else await load(subject.url, count);
  const seconds = (performance.now() - startedAt) / 1000;
  // What goes on behind the answers belongs to the sends as well.
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { cpuMicros: ((await cpuOf(subject)) - before) / count, perSecond: count / seconds };
}

async function load(url: string, count: number): Promise<void> {
  const pool = new Pool(url, { connections: parallel, allowH2: false });
  let number = 0;
  await inParallel(count, parallel, async () => {
    number += 1;
    const answer = await pool.request({
      method: "POST",
      path: "/api/v1/messages/send",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        tenant_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a01",
        outlet_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a02",
        conversation_id: `0b9d4a3e-6c1f-4f0a-9d53-${String(number).padStart(12, "0")}`,
        to: `+62812${String(number).padStart(7, "0")}`,
        message: "Hello! Your order is ready.",
        message_type: "text",
      }),
    });
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`);
  });
  await pool.close();
}

async function cpuOf(subject: Running): Promise<number> {
  const report = await ask(subject, { kind: "measure" });
  return report.kind === "measured" ? report.cpuMicros : 0;
}

function ask({ child }: Running, order: Order): Promise<Report> {
  const answer = answerOf(child);
  child.send(order);
  return answer;
}

async function answerOf(child: ChildProcess): Promise<Report> {
  const gone = new AbortController();
  const exited = once(child, "exit", { signal: gone.signal }).then(([code]) => {
    throw new Error(`a subject ended with ${String(code)}`);
  });
  exited.catch(() => {});
  try {
    const [report] = (await Promise.race([once(child, "message"), exited])) as [Report];
    return report;
  } finally {
    gone.abort();
  }
}

function median(name: Name): Measured {
  const measured = results.get(name) ?? [];
  const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return {
    cpuMicros: middle(measured.map(({ cpuMicros }) => cpuMicros)),
    perSecond: middle(measured.map(({ perSecond }) => perSecond)),
  };
}

function compare(ours: Name, theirs: Name, aim: number): void {
  const ratio = median(ours).cpuMicros / median(theirs).cpuMicros;
  const verdict = ratio <= aim ? "reached" : "missed";
  console.log(`CPU a send, ${subjects[ours]} / ${subjects[theirs]}: ${ratio.toFixed(2)} (aim ≤ ${aim}: ${verdict})`);
}
