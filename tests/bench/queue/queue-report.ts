import { cpus, loadavg } from "node:os";

import { atMost, median, row, say } from "../lines.ts";

export const phasesOf = {
  ours: ["send", "accept", "work"],
  "pg-boss": ["accept", "work"],
  "graphile-worker": ["accept", "work"],
} as const;
export type Queue = keyof typeof phasesOf;
export const queues = Object.keys(phasesOf) as readonly Queue[];
export type Phase = (typeof phasesOf)[Queue][number];

/** Of one message. */
export interface Cost {
  readonly nodeMicros: number;
  readonly postgresMicros: number;
  readonly walBytes: number;
  readonly perSecond: number;
}

/** One cost for each round. */
export type Costs = Map<`${Queue} ${Phase}`, readonly Cost[]>;

const titles: readonly (readonly [title: string, queue: Queue, phases: readonly Phase[]])[] = [
  ["a call that waits", "ours", ["send"]],
  ["our queue: accept", "ours", ["accept"]],
  ["our queue: accepted → sent", "ours", ["work"]],
  ["our queue, together", "ours", ["accept", "work"]],
  ["a pg-boss job: insert", "pg-boss", ["accept"]],
  ["a pg-boss job: fetch, complete", "pg-boss", ["work"]],
  ["a pg-boss job, together", "pg-boss", ["accept", "work"]],
  ["a graphile-worker job: insert", "graphile-worker", ["accept"]],
  ["a graphile-worker job: fetch, complete", "graphile-worker", ["work"]],
  ["a graphile-worker job, together", "graphile-worker", ["accept", "work"]],
];

export function printQueues(costs: Costs, size: { readonly messages: number; readonly rounds: number }): void {
  const cost = (queue: Queue, phases: readonly Phase[], what: keyof Cost): number =>
    phases.map((phase) => median((costs.get(`${queue} ${phase}`) ?? []).map((one) => one[what]))).reduce(sum);
  const load = loadavg()[0]?.toFixed(1);
  say(`${cpus()[0]?.model} × ${cpus().length}, Node ${process.versions.node}; load average ${load} at the end`);
  say(
    `Medians of ${size.rounds} interleaved rounds of ${size.messages} messages, on one PostgreSQL that syncs each commit\n`,
  );
  row("of a message", "CPU of Node", "of PostgreSQL", "write-ahead log", "per second");
  for (const [title, queue, phases] of titles) {
    const perSecond = phases.length > 1 ? "" : cost(queue, phases, "perSecond").toFixed(0);
    row(
      title,
      `${cost(queue, phases, "nodeMicros").toFixed(0)} µs`,
      `${cost(queue, phases, "postgresMicros").toFixed(0)} µs`,
      `${cost(queue, phases, "walBytes").toFixed(0)} B`,
      perSecond,
    );
  }
  const whole = ["accept", "work"] as const;
  const cpu = (queue: Queue, phases: readonly Phase[]): number =>
    cost(queue, phases, "nodeMicros") + cost(queue, phases, "postgresMicros");
  say("");
  const overWaiting = cpu("ours", whole) / cpu("ours", ["send"]);
  atMost({ must: 1.3, goal: 1.3 }, overWaiting, "CPU of Node and PostgreSQL, a queued message / a waiting one");
  const postgresMs = cost("ours", whole, "postgresMicros") / 1000;
  atMost({ must: 0.7, goal: 0.5 }, postgresMs, "CPU of PostgreSQL in ms, a queued message");
  const kilobytes = cost("ours", whole, "walBytes") / 1000;
  atMost({ must: 10, goal: 7 }, kilobytes, "write-ahead log in kB, a queued message", 1);
  const added = cpu("ours", whole) - cpu("ours", ["send"]);
  say(`\n  Our queue adds ${added.toFixed(0)} µs of CPU to a message.`);
  for (const queue of ["pg-boss", "graphile-worker"] as const) {
    say(
      `  A job in ${queue} beside it, without pacing, order or a record of attempts, adds ${cpu(queue, whole).toFixed(0)} µs.`,
    );
  }
}

function sum(one: number, other: number): number {
  return one + other;
}
