import { runBench, type Bench } from "./environment.ts";
import { idleRss } from "./idle.ts";
import { peakRssWith } from "./memory.ts";
import { measureNeighbours } from "./neighbours.ts";
import { measureObservation } from "./observation.ts";
import { type Running, type RunningServer, stop } from "./processes.ts";
import { batchSizes, type Name, print, type Results, servers, titles } from "./report.ts";
import { measureSends, measureUpdates } from "./rounds.ts";

const size = {
  rounds: Number(process.env["BENCH_ROUNDS"] ?? 5),
  sends: Number(process.env["BENCH_SENDS"] ?? 4000),
  warmUp: Number(process.env["BENCH_WARM_UP"] ?? 40_000),
  /** Where two loads of one server, or two servers that take turns, are compared. */
  warmUpOfPairs: Number(process.env["BENCH_WARM_UP_OF_PAIRS"] ?? 12_000),
  leadIn: Number(process.env["BENCH_LEAD_IN"] ?? 2000),
  messagesWithStatuses: Number(process.env["BENCH_MESSAGES_WITH_STATUSES"] ?? 2000),
  observationPairs: Number(process.env["BENCH_OBSERVATION_PAIRS"] ?? 20),
  ofNeighbours: Number(process.env["BENCH_OF_NEIGHBOURS"] ?? 2000),
  inFlight: Number(process.env["BENCH_IN_FLIGHT"] ?? 10_000),
};
const limitMs = Number(process.env["BENCH_LIMIT_MS"] ?? 480_000);
/** A slow machine runs fewer rounds. */
const noNewRoundAfterMs = limitMs * 0.4;

/** Measures all subjects beside each other, and prints the tables and what was aimed at. */
export function compareSubjects(): Promise<void> {
  return runBench(limitMs, async (bench) => print(await measureAll(bench), size));
}

async function measureAll({ environment, services, isPinned, start }: Bench): Promise<Results> {
  const subjects = new Map<Name, Running>();
  for (const name of Object.keys(titles) as Name[]) subjects.set(name, await start(name));
  const paced = await start("server-paced");
  const results: Results = {
    sends: new Map(),
    updates: new Map(),
    neighbours: [],
    observation: [],
    peakRssBytes: new Map(),
    idleRssBytes: Number.NaN,
    isPinned,
  };

  // A server runs for a long time, so warmed-up code is measured. Subjects take turns, so that a machine that slows down affects all.
  for (const subject of subjects.values()) await measureSends(subject, size.warmUp);
  await measureNeighbours(urlOf(paced), size.warmUpOfPairs);
  for (let round = 0; round < size.rounds && (round === 0 || performance.now() < noNewRoundAfterMs); round += 1) {
    for (const [name, subject] of subjects) {
      // A subject has paused since its round before: V8 has collected, and the processor's caches have the code of others.
      await measureSends(subject, size.leadIn);
      add(results.sends, name, await measureSends(subject, size.sends));
    }
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
    warmUp: size.warmUpOfPairs,
  });

  for (const name of servers.inFlight) {
    const server = await start(name, { ...environment, graphUrl: environment.holdingGraphUrl });
    results.peakRssBytes.set(
      name,
      await peakRssWith(size.inFlight, serverOf(new Map([[name, server]]), name), services),
    );
    await stop(server);
  }
  results.idleRssBytes = await idleRss(environment);
  return results;
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
