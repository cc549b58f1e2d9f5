import { loadavg } from "node:os";

import { quietUsageOf, type Running, startSubject, stop } from "./processes.ts";
import { type Clients, connect } from "./sends.ts";
import type { SubjectEnvironment } from "./subject.ts";

/** CPU per send of two servers in memory, over the same time. */
export interface ObservationPair {
  /** With the log, the metrics, the traces without an SDK, and API keys. */
  readonly observedMicros: number;
  /** With none of them. */
  readonly unobservedMicros: number;
  readonly loadAverage: number;
}

/** The servers take turns after this many sends: whatever else the machine does affects both alike. */
const sendsAtOnce = 125;

/**
 * What it costs to be observed. Of each pair of measurements, both servers get the same sends, in turns. `starts` times both are
 * started anew: how well a process runs, its compiled code and its heap, is decided once in its life.
 */
export async function measureObservation(
  environment: SubjectEnvironment,
  { starts, pairs, ...size }: { readonly starts: number; readonly pairs: number } & PairSize,
): Promise<readonly ObservationPair[]> {
  const measured: ObservationPair[] = [];
  for (let start = 0; start < starts; start += 1) {
    measured.push(...(await measurePairs(environment, { pairs: pairs / starts, ...size })));
  }
  return measured;
}

interface PairSize {
  readonly sends: number;
  readonly warmUp: number;
}

async function measurePairs(
  environment: SubjectEnvironment,
  { pairs, sends, warmUp }: { readonly pairs: number } & PairSize,
): Promise<readonly ObservationPair[]> {
  const observed = await startServer("server-observed", environment);
  const unobserved = await startServer("server-unobserved", environment);
  const turns = [observed, unobserved];
  try {
    await sendInTurns(turns, warmUp);
    const measured: ObservationPair[] = [];
    for (let pair = 0; pair < pairs; pair += 1) {
      const before = await cpuOf(turns);
      const count = await sendInTurns(pair % 2 === 0 ? turns : turns.toReversed(), sends);
      const after = await cpuOf(turns);
      const [observedMicros = Number.NaN, unobservedMicros = Number.NaN] = after.map(
        (micros, server) => (micros - (before[server] ?? Number.NaN)) / count,
      );
      measured.push({ observedMicros, unobservedMicros, loadAverage: loadavg()[0] ?? Number.NaN });
    }
    return measured;
  } finally {
    await Promise.all(turns.map(({ clients }) => clients.close()));
    await Promise.all(turns.map(({ subject }) => stop(subject)));
  }
}

interface Server {
  readonly subject: Running;
  readonly clients: Clients;
}

async function startServer(name: string, environment: SubjectEnvironment): Promise<Server> {
  const subject = await startSubject(name, environment);
  if (subject.url === undefined) throw new Error(`${name} is not a server`);
  return { subject, clients: connect(subject.url, subject.apiKey) };
}

/** Returns how many each server was asked to send: `sends`, or a few more. */
async function sendInTurns(servers: readonly Server[], sends: number): Promise<number> {
  let sent = 0;
  for (; sent < sends; sent += sendsAtOnce) for (const { clients } of servers) await clients.send(sendsAtOnce);
  return sent;
}

async function cpuOf(servers: readonly Server[]): Promise<readonly number[]> {
  const usages = await Promise.all(servers.map(({ subject }) => quietUsageOf(subject)));
  return usages.map(({ cpuMicros }) => cpuMicros);
}
