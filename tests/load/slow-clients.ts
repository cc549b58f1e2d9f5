/**
 * 2,000 slow clients against the real command: each must be disconnected within its time, and others must be served meanwhile.
 *
 * node --conditions=@message-sender/source tests/load/slow-clients.ts
 */
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { Agent, request } from "undici";

import { order } from "../support/running-service.ts";
import { exitOf, sourceProgram, startServe } from "../support/serve-process.ts";

const slowClients = 2000;
const measuredMs = 15_000;
/** The server's limits for a request to arrive, and the time in which it notices that one is late. */
const goneWithinMs = 10_000;
const p99LimitMs = 1000;

interface SlowClient {
  readonly socket: Socket;
  answer: string;
  livedMs: number | undefined;
}

const server = await startServe(["--sandbox"], { LOG_LEVEL: "error" }, { program: sourceProgram, onStart: killAtExit });
const port = Number(new URL(server.url).port);
const head = `POST /api/v1/messages/send HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
/** What each kind of client writes at first, and then every 300 ms. */
const kinds = [
  [`${head}Content-Length: 5000\r\n\r\n{`, " "],
  [`${head}Transfer-Encoding: chunked\r\n\r\n`, "1\r\n \r\n"],
  [`${head}X-Slow: `, "x"],
  ["POST /api/v1/mess", ""],
] as const;

const clients = await Promise.all(Array.from({ length: slowClients }, (_, number) => slowClient(number)));
const dripping = setInterval(() => clients.forEach(drip), 300);
const latencies = await measure();
clearInterval(dripping);
const waited = clients.filter(
  ({ answer, livedMs }) => !answer.startsWith("HTTP/1.1 408 ") || (livedMs ?? Infinity) > goneWithinMs,
);
const p99 = latencies.toSorted((one, other) => one - other)[Math.floor(latencies.length * 0.99)] ?? Infinity;

console.log(`${slowClients} slow clients: ${slowClients - waited.length} got 408 within ${goneWithinMs / 1000} s`);
console.log(`${latencies.length} sends beside them: p99 ${Math.round(p99)} ms (limit ${p99LimitMs} ms)`);
server.child.kill("SIGTERM");
const isFine = waited.length === 0 && p99 <= p99LimitMs && (await exitOf(server.child)) === 0;
process.exit(isFine ? 0 : 1);

function killAtExit(child: { kill(signal: "SIGKILL"): boolean }): void {
  process.once("exit", () => child.kill("SIGKILL"));
}

async function slowClient(number: number): Promise<SlowClient> {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  const client: SlowClient = { socket, answer: "", livedMs: undefined };
  await new Promise((resolve) => socket.once("connect", resolve));
  const startedAt = performance.now();
  socket.on("data", (chunk) => (client.answer += String(chunk)));
  socket.on("close", () => (client.livedMs = performance.now() - startedAt));
  socket.write(kindOf(number)[0]);
  return client;
}

function drip({ socket }: SlowClient, number: number): void {
  const piece = kindOf(number)[1];
  if (piece !== "" && socket.writable) socket.write(piece);
}

function kindOf(number: number): (typeof kinds)[number] {
  return kinds[number % kinds.length] ?? kinds[0];
}

/** Sends twenty messages a second, each on time whatever becomes of the others. */
async function measure(): Promise<readonly number[]> {
  const agent = new Agent({ connections: 64 });
  const sending: Promise<number>[] = [];
  const endsAt = performance.now() + measuredMs;
  while (performance.now() < endsAt) {
    sending.push(send(agent));
    await sleep(50);
  }
  const measured = await Promise.all(sending);
  await agent.close();
  return measured;
}

async function send(agent: Agent): Promise<number> {
  const startedAt = performance.now();
  const answer = await request(`${server.url}/api/v1/messages/send`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(order),
    dispatcher: agent,
  });
  await answer.body.dump();
  return answer.statusCode === 200 ? performance.now() - startedAt : Infinity;
}
