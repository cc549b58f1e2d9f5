import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { bundleForTests } from "../support/bundled-program.ts";
import { quickStart } from "../support/quick-start.ts";
import { check } from "./checker.ts";
import { describeRun } from "./describe-run.ts";
import { type Kill, planForEach, planKills } from "./driver/plan.ts";
import { median, type RunReport } from "./driver/report.ts";
import { run } from "./driver/run.ts";
import { readFacts, type Violation } from "./facts.ts";
import { disturbances, type Disturbance, runQueued } from "./driver/queued-run.ts";
import { type Options, readOptions } from "./options.ts";
import { createRandom } from "./random.ts";

const readyAimMs = 2000;
/** The limit on a slow machine, relative to a start with nothing to recover, which takes 0.3 s of CPU. */
const readyAimRatio = 4;

const options = readOptions(process.argv.slice(2));
const plans = plansOf(options);
console.log(
  `seed ${options.seed}, kills: ${options.stores.map((store, at) => `${plans[at]?.length} on ${store}`).join(", ")}\n`,
);
const folder = await mkdtemp(join(tmpdir(), "message-sender-crash-"));
await chmod(folder, 0o755);

process.once("exit", (code) => code !== 0 && console.log(`the logs are in ${folder}`));

const program = [...quickStart, await bundleForTests()];
const reports = await Promise.all([
  ...(options.queued ? [] : options.stores).map((store, index) =>
    run({
      store,
      folder: join(folder, store),
      seed: options.seed + index,
      plan: plans[index] ?? [],
      program,
      detectDeaths: options.long,
    }),
  ),
  ...(options.stores.includes("postgres") ? queuedRuns(options) : []),
]);
let violations = 0;
for (const report of reports) {
  const facts = readFacts(report.folder);
  const found = [...faultsOf(report), ...check(facts)];
  violations += found.length;
  console.log(describeRun(report, facts, found));
}
if (violations === 0) await rm(folder, { recursive: true });
process.exit(violations === 0 ? 0 : 1);

function plansOf({ seed, kills, stores }: Options): readonly (readonly Kill[])[] {
  if (kills === undefined) return planForEach(createRandom(seed), stores.length);
  return stores.map((_, index) => planKills(createRandom(seed + index), kills));
}

/** In the short run, one campaign has all disturbances. */
function queuedRuns({ long, seed }: Options): Promise<RunReport>[] {
  const runs: readonly (readonly Disturbance[])[] = long ? disturbances.map((one) => [one]) : [disturbances];
  const size = long ? { messages: 10_000, pausedMs: 60_000 } : { messages: 800, pausedMs: 6000 };
  return runs.map((ofRun, index) =>
    runQueued({
      ...size,
      folder: join(folder, `queued-${index}`),
      seed: seed + 10 + index,
      program,
      disturbances: ofRun,
    }),
  );
}

function faultsOf({ faults, readyMs, emptyReadyMs }: RunReport): Violation[] {
  const limitMs = Math.max(readyAimMs, readyAimRatio * median(emptyReadyMs));
  const isSlow =
    emptyReadyMs.length > 0 && median(readyMs) > limitMs
      ? [`a server takes more than ${Math.round(limitMs)} ms to become ready`]
      : [];
  return [...faults, ...isSlow].map((what) => ({ rule: "run", what, evidence: [] }));
}
