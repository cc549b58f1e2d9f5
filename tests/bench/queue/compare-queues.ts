import { runBench, type Bench } from "../environment.ts";
import { ask, quietUsageOf, type Running, stop } from "../processes.ts";
import { meterPostgres, type PostgresMeter } from "./postgres-usage.ts";
import { type Cost, type Costs, type Phase, phasesOf, printQueues, type Queue, queues } from "./queue-report.ts";

const size = {
  rounds: Number(process.env["BENCH_ROUNDS"] ?? 5),
  messages: Number(process.env["BENCH_MESSAGES"] ?? 5000),
  warmUp: Number(process.env["BENCH_WARM_UP"] ?? 5000),
};
const limitMs = Number(process.env["BENCH_LIMIT_MS"] ?? 600_000);

/**
 * What a message costs, in CPU time of Node and of PostgreSQL and in bytes of its write-ahead log: sent by a call that waits, sent by
 * our queue, and what a job for it in pg-boss or graphile-worker would add. All on one PostgreSQL, in interleaved rounds.
 */
export function compareQueues(): Promise<void> {
  return runBench(limitMs, async (bench) => {
    const meter = await meterPostgres(bench.environment.databaseUrl);
    try {
      printQueues(await measureAll(bench, meter), size);
    } finally {
      await meter.close();
    }
  });
}

async function measureAll({ start }: Bench, meter: PostgresMeter): Promise<Costs> {
  const running = new Map<Queue, Running>();
  for (const queue of queues) running.set(queue, await start(`queue/${queue}`));
  const costs: Costs = new Map();
  for (let round = 0; round <= size.rounds; round += 1) {
    const isWarmUp = round === 0;
    for (const [queue, subject] of running) {
      for (const phase of phasesOf[queue]) {
        const cost = await measure(subject, meter, phase, isWarmUp ? size.warmUp : size.messages);
        const key = `${queue} ${phase}` as const;
        if (!isWarmUp) costs.set(key, [...(costs.get(key) ?? []), cost]);
      }
    }
  }
  for (const subject of running.values()) await stop(subject);
  return costs;
}

async function measure(subject: Running, meter: PostgresMeter, phase: Phase, count: number): Promise<Cost> {
  const { cpuMicros } = await quietUsageOf(subject);
  const before = await meter.usage();
  const startedAt = performance.now();
  await ask(subject, { kind: "work", phase, count });
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await quietUsageOf(subject);
  const usage = await meter.usage();
  return {
    nodeMicros: (after.cpuMicros - cpuMicros) / count,
    postgresMicros: (usage.cpuMicros - before.cpuMicros) / count,
    walBytes: (usage.walBytes - before.walBytes) / count,
    perSecond: count / seconds,
  };
}
