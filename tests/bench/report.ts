import { cpus, loadavg } from "node:os";

import { graphConnections } from "./fixtures.ts";
import { atLeast, atMost, median, row, say } from "./lines.ts";
import type { NeighbourRound } from "./neighbours.ts";
import type { SendRound } from "./rounds.ts";
import type { ObservationPair } from "./observation.ts";
import { parallel } from "./sends.ts";
import { resolutionMs } from "./subject.ts";

export const titles = {
  lean: "lean node:http + dispatch forwarder",
  "pass-through": "bare Hono + undici pass-through",
  "server-in-memory": "our server, in memory",
  "server-on-sqlite": "our server, on SQLite",
  "server-on-postgres": "our server, on PostgreSQL",
  "raw-request": "raw undici.request",
  library: "createMessageSender as a library",
} as const;
export type Name = keyof typeof titles;

export const servers = {
  withStore: ["server-on-sqlite", "server-on-postgres"],
  /** The servers whose memory is measured. The first is the baseline. */
  inFlight: ["pass-through", "server-in-memory", "server-on-sqlite"],
} as const satisfies Record<string, readonly Name[]>;

/** The number of status updates per webhook. */
export const batchSizes = [1, 50] as const;

export interface Results {
  readonly sends: Map<Name, SendRound[]>;
  /** Per second. */
  readonly updates: Map<`${Name} ${number}`, number[]>;
  readonly neighbours: NeighbourRound[];
  observation: readonly ObservationPair[];
  readonly peakRssBytes: Map<Name, number>;
  idleRssBytes: number;
  /** Each measured process had a core to itself. */
  readonly isPinned: boolean;
}

interface Size {
  readonly sends: number;
  readonly messagesWithStatuses: number;
  readonly ofNeighbours: number;
  readonly inFlight: number;
}

const delayAimMs = { must: 20, goal: 20 };
const updatesAim = { must: 5000, goal: 8000 };
const inFlightAimMb = { must: 420, goal: 350 };
const idleAimMb = { must: 90, goal: 70 };

/** The same pipeline, written plainly in Go with Gin and nothing durable, sends this many times what the pass-through sends. */
const peerOfPassThrough = 0.59;

export function print(results: Results, size: Size): void {
  const sends = (name: Name, what: keyof SendRound): number =>
    median((results.sends.get(name) ?? []).map((round) => round[what]));
  const updates = (name: Name, count: number): number => median(results.updates.get(`${name} ${count}`) ?? []);

  const rounds = results.sends.get("pass-through")?.length ?? 0;
  const load = loadavg()[0]?.toFixed(1);
  say(
    `${cpus()[0]?.model} × ${cpus().length}, Node ${process.versions.node}; medians of ${rounds} rounds; load average ${load} at the end`,
  );
  say(
    results.isPinned
      ? "Each subject runs on one core; the load, the services and half of PostgreSQL run on another.\n"
      : "The subjects share all cores with the load: no taskset, or one core.\n",
  );
  say(
    `Sends: rounds of ${size.sends}, ${parallel} in parallel; event-loop delay with a resolution of ${resolutionMs} ms`,
  );
  row("", "CPU per send", "sends per second", "delay, p99");
  for (const name of Object.keys(titles) as Name[]) {
    const delay = `${sends(name, "eventLoopDelayMs").toFixed(1)} ms`;
    row(titles[name], `${sends(name, "cpuMicros").toFixed(0)} µs`, sends(name, "perSecond").toFixed(0), delay);
  }
  const ratio = (what: keyof SendRound, ours: Name, theirs: Name) => sends(ours, what) / sends(theirs, what);
  // The load cannot keep the pass-through busy all the time. A core that is busy all the time sends one message per CPU time.
  const peerPerSecond = (peerOfPassThrough * 1e6) / sends("pass-through", "cpuMicros");
  const overPeer = (name: Name): number => sends(name, "perSecond") / peerPerSecond;
  atLeast({ must: 1.4, goal: 2 }, overPeer("server-in-memory"), "sends per second, in memory / Go peer");
  atLeast({ must: 0.9, goal: 1.2 }, overPeer("server-on-sqlite"), "sends per second, on SQLite / Go peer");
  const overPassThrough = ratio("cpuMicros", "server-in-memory", "pass-through");
  atMost({ must: 1.6, goal: 1.4 }, overPassThrough, "CPU per send, server in memory / pass-through");
  const overRequest = ratio("cpuMicros", "library", "raw-request");
  atMost({ must: 1.9, goal: 1.5 }, overRequest, "CPU per send, library / raw undici.request");
  const sqliteOverMemory = ratio("perSecond", "server-on-sqlite", "server-in-memory");
  atLeast({ must: 0.6, goal: 0.6 }, sqliteOverMemory, "sends per second, on SQLite / in memory");
  const postgresOverSqlite = ratio("perSecond", "server-on-postgres", "server-on-sqlite");
  atLeast({ must: 0.8, goal: 1 }, postgresOverSqlite, "sends per second, on PostgreSQL / on SQLite");
  for (const name of ["server-in-memory", ...servers.withStore] as const) {
    atMost(delayAimMs, sends(name, "eventLoopDelayMs"), `event-loop delay p99 in ms, ${titles[name]}`, 1);
  }

  say(`\nStatus webhooks: signed, sent → delivered → read of ${size.messagesWithStatuses} messages per round`);
  row("updates per second", ...batchSizes.map((count) => `${count} per request`));
  for (const name of servers.withStore) {
    row(titles[name], ...batchSizes.map((count) => updates(name, count).toFixed(0)));
  }
  for (const name of servers.withStore) {
    for (const count of batchSizes) {
      atLeast(updatesAim, updates(name, count), `updates per second, ${titles[name]}, ${count} per request`, 0);
    }
  }

  const p99 = (which: keyof NeighbourRound): number => median(results.neighbours.map((round) => round[which]));
  say(`\nNoisy neighbours: ${size.ofNeighbours} sends of many outlets per round, alone, then beside a number and a`);
  say("recipient that are over their limits");
  row("p99", `${p99("aloneMs").toFixed(1)} ms`, `${p99("besideHotMs").toFixed(1)} ms`);
  atMost({ must: 2, goal: 2 }, p99("besideHotMs") / p99("aloneMs"), "p99 of the others, beside the noisy ones / alone");

  printObservation(results.observation);

  say(
    `\nMemory: ${size.inFlight} sends in flight, bodies of 1 KiB, ${graphConnections} connections to a Graph that does not answer`,
  );
  for (const [name, bytes] of results.peakRssBytes) {
    const megabytes = bytes / 2 ** 20;
    if (name === "pass-through") row(titles[name], `${megabytes.toFixed(0)} MB`);
    else atMost(inFlightAimMb, megabytes, `peak RSS in MB, ${titles[name]}`, 0);
  }
  atMost(idleAimMb, results.idleRssBytes / 2 ** 20, "RSS in MB, message-sender serve on SQLite, idle", 0);
}

function printObservation(pairs: readonly ObservationPair[]): void {
  const ratios = pairs.map(({ observedMicros, unobservedMicros }) => observedMicros / unobservedMicros);
  const load = median(pairs.map(({ loadAverage }) => loadAverage)).toFixed(1);
  say(
    `\nObservation: ${pairs.length} pairs in memory, with log, metrics, traces without an SDK and API keys, and with none, in turns, of 5 starts`,
  );
  row(
    "CPU per send",
    ...(["observedMicros", "unobservedMicros"] as const).map(
      (which) => `${median(pairs.map((pair) => pair[which])).toFixed(0)} µs`,
    ),
  );
  row("ratio, p25 and p75", ...[0.25, 0.75].map((share) => quantile(ratios, share).toFixed(2)));
  atMost({ must: 1.2, goal: 1.2 }, median(ratios), `CPU per send, observed / not observed, at a load of ${load}`);
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN;
}
