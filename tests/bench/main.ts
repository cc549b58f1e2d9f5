import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { peakRssWith } from "./memory.ts";
import { measureObservation } from "./observation.ts";
import { measureNeighbours } from "./neighbours.ts";
import { startPostgres } from "./postgres.ts";
import { type Running, type RunningServer, startServices, startSubject, stop } from "./processes.ts";
import { batchSizes, type Name, print, type Results, servers, titles } from "./report.ts";
import { measureSends, measureUpdates } from "./rounds.ts";
import type { SubjectEnvironment } from "./subject.ts";

const size = {
  rounds: Number(process.env["BENCH_ROUNDS"] ?? 5),
  sends: Number(process.env["BENCH_SENDS"] ?? 4000),
  warmUp: Number(process.env["BENCH_WARM_UP"] ?? 12_000),
  messagesWithStatuses: Number(process.env["BENCH_MESSAGES_WITH_STATUSES"] ?? 2000),
  observationPairs: Number(process.env["BENCH_OBSERVATION_PAIRS"] ?? 20),
  ofNeighbours: Number(process.env["BENCH_OF_NEIGHBOURS"] ?? 2000),
  inFlight: Number(process.env["BENCH_IN_FLIGHT"] ?? 10_000),
};
const limitMs = Number(process.env["BENCH_LIMIT_MS"] ?? 300_000);
/** A slow machine runs fewer rounds. */
const noNewRoundAfterMs = limitMs * 0.4;

const endings: (() => Promise<void>)[] = [];
try {
  print(await Promise.race([bench(), overtime()]), size);
} finally {
  for (const end of endings.toReversed()) await Promise.race([end(), sleep(10_000, undefined, { ref: false })]);
}

async function overtime(): Promise<never> {
  await sleep(limitMs, undefined, { ref: false });
  throw new Error(`the bench took longer than ${limitMs} ms`);
}

async function bench(): Promise<Results> {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  // For root, PostgreSQL runs as another user, who must be able to enter the folder.
  await chmod(folder, 0o755);
  const services = await startServices();
  endings.push(() => stop(services));
  const schema = `bench_${randomUUID().replaceAll("-", "_")}`;
  const postgres = await startPostgres(folder, schema);
  endings.push(postgres.stop);
  const { graphUrl, holdingGraphUrl, tenantUrl, conversationUrl } = services;
  const environment = {
    graphUrl,
    holdingGraphUrl,
    tenantUrl,
    conversationUrl,
    folder,
    schema,
    databaseUrl: postgres.url,
  };

  const subjects = new Map<Name, Running>();
  for (const name of Object.keys(titles) as Name[]) subjects.set(name, await start(name, environment));
  const paced = await startSubject("server-paced", environment);
  endings.push(() => stop(paced));
  const results: Results = {
    sends: new Map(),
    updates: new Map(),
    neighbours: [],
    observation: [],
    peakRssBytes: new Map(),
  };

  // A server runs for a long time, so warmed-up code is measured. Subjects take turns, so that a machine that slows down affects all.
  for (const subject of subjects.values()) await measureSends(subject, size.warmUp);
  await measureNeighbours(urlOf(paced), size.warmUp);
  for (let round = 0; round < size.rounds && (round === 0 || performance.now() < noNewRoundAfterMs); round += 1) {
    for (const [name, subject] of subjects) add(results.sends, name, await measureSends(subject, size.sends));
    for (const name of servers.withStore) {
      for (const updates of batchSizes) {
        const perSecond = await measureUpdates(serverOf(subjects, name), size.messagesWithStatuses, updates);
        add(results.updates, `${name} ${updates}` as const, perSecond);
      }
    }
    results.neighbours.push(await measureNeighbours(urlOf(paced), size.ofNeighbours));
  }
  for (const subject of [...subjects.values(), paced]) await stop(subject);
  results.observation = await measureObservation(environment, {
    starts: 5,
    pairs: size.observationPairs,
    sends: size.sends / 4,
    warmUp: size.warmUp,
  });

  for (const name of servers.inFlight) {
    const server = await start(name, { ...environment, graphUrl: holdingGraphUrl });
    results.peakRssBytes.set(
      name,
      await peakRssWith(size.inFlight, serverOf(new Map([[name, server]]), name), services),
    );
    await stop(server);
  }
  return results;
}

async function start(name: Name, environment: SubjectEnvironment): Promise<Running> {
  const subject = await startSubject(name, environment);
  endings.push(() => stop(subject));
  return subject;
}

function urlOf({ url }: Running): string {
  if (url === undefined) throw new Error("the server did not report its URL");
  return url;
}

function serverOf(subjects: ReadonlyMap<Name, Running>, name: Name): RunningServer {
  const { child, url } = subjects.get(name) ?? {};
  if (!child || url === undefined) throw new Error(`${name} is not a server`);
  return { child, url };
}

function add<Key, Value>(all: Map<Key, Value[]>, key: Key, value: Value): void {
  all.set(key, [...(all.get(key) ?? []), value]);
}
