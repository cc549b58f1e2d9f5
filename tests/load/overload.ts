/**
 * A real overload of the real command: more lists than it can serve, beside sends and health checks. It has to refuse what can wait, to
 * go on answering health checks, and to serve everything again once the load is gone.
 *
 * node --conditions=@message-sender/source tests/load/overload.ts
 */
import { setTimeout as sleep } from "node:timers/promises";

import { Agent, request } from "undici";

import { order } from "../support/running-service.ts";
import { exitOf, sourceProgram, startServe } from "../support/serve-process.ts";

const loadMs = 15_000;
const clients = 120;

// The limit is far below the default of production: a fast machine is never 100 ms late under this load.
const server = await startServe(
  ["--sandbox"],
  { LOG_LEVEL: "warn", SHED_LOOP_DELAY_MS: "10" },
  { program: sourceProgram, onStart: (child) => process.once("exit", () => child.kill("SIGKILL")) },
);
const agent = new Agent({ connections: clients, headersTimeout: 120_000, bodyTimeout: 120_000 });
const probing = new Agent({ connections: 1 });

for (let sent = 0; sent < 300; sent += 1) await send();
const endsAt = performance.now() + loadMs;
const seen = new Map<string, number>();
await Promise.all([...Array.from({ length: clients }, hammer), probe()]);
const [recoveredMs, counts] = [await timeToRecover(), Object.fromEntries(seen)];
console.log(JSON.stringify(counts), `served again after ${Math.round(recoveredMs)} ms`);

const count = (name: string) => seen.get(name) ?? 0;
const failures = [
  count("queued 503") === 0 && "no queued message was refused",
  count("health 200") === 0 && "health checks were not answered",
  [...seen.keys()].some((name) => name.startsWith("health") && name !== "health 200") && "a health check failed",
  count("without Retry-After") > 0 && "a refusal does not say when to come back",
  !Number.isFinite(recoveredMs) && "sends are still refused 30 s after the load",
].filter((failure) => failure !== false);
for (const failure of failures) console.error(failure);
server.child.kill("SIGTERM");
const code = await exitOf(server.child);
await Promise.all([agent.close(), probing.close()]);
process.exit(failures.length === 0 && code === 0 ? 0 : 1);

async function hammer(_: unknown, number: number): Promise<void> {
  while (performance.now() < endsAt) {
    if (number % 3 === 0) note("queued", await send({ prefer: "respond-async" }));
    else if (number % 3 === 1) note("send", await send());
    else note("list", await ask("/api/v1/messages?limit=100"));
  }
}

/** One after another, so that they wait behind the load alone. */
async function probe(): Promise<void> {
  while (performance.now() < endsAt) {
    note("health", await ask("/healthz", { dispatcher: probing }));
    await sleep(100);
  }
}

interface Answer {
  readonly status: number;
  readonly retryAfter: unknown;
}

function note(what: string, { status, retryAfter }: Answer): void {
  const names = [`${what} ${status}`, ...(status === 503 && retryAfter === undefined ? ["without Retry-After"] : [])];
  for (const name of names) seen.set(name, (seen.get(name) ?? 0) + 1);
}

async function timeToRecover(): Promise<number> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < 30_000) {
    const { status } = await send({ prefer: "respond-async" });
    if (status === 202) return performance.now() - startedAt;
    await sleep(250);
  }
  return Infinity;
}

function send(headers: Record<string, string> = {}): Promise<Answer> {
  const body = JSON.stringify(order);
  return ask("/api/v1/messages/send", {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body,
  });
}

async function ask(path: string, options: Parameters<typeof request>[1] = {}): Promise<Answer> {
  const answer = await request(`${server.url}${path}`, { dispatcher: agent, ...options });
  await answer.body.dump();
  return { status: answer.statusCode, retryAfter: answer.headers["retry-after"] };
}
