import { existsSync } from "node:fs";

import { BaseSequencer, type TestSpecification } from "vitest/node";

/** They wait most of the time. Those that take the longest are first. */
const waiting = pathsOf([
  "tests/system/callbacks/lost-callbacks.test.ts",
  "tests/system/sending/pacing.test.ts",
  "tests/system/processes/stalled-output.test.ts",
  "tests/system/stores/two-servers.test.ts",
  "packages/http-adapter/src/outbound/graph/graph-media.integration.test.ts",
  "packages/http-adapter/src/inbound/server/connection-timeouts.integration.test.ts",
  "tests/system/processes/connections.test.ts",
  "tests/system/processes/shutdown.test.ts",
  "tests/system/processes/serve.test.ts",
  "tests/system/stores/store-file.test.ts",
  "tests/system/abuse/many-bodies.test.ts",
  "tests/system/callbacks/status-callbacks.test.ts",
  "tests/system/sending/retries.test.ts",
  "tests/system/processes/several-processes.test.ts",
  "tests/system/webhooks/webhook-forwarding.test.ts",
  "tests/system/commands/backup.test.ts",
  "tests/system/processes/crash.test.ts",
  "tests/system/abuse/notified-services.test.ts",
  "tests/system/abuse/graph-answers.test.ts",
  "tests/system/sending/journey.test.ts",
  "tests/system/abuse/slow-clients.test.ts",
  "packages/postgres-adapter/src/database/lost-connections.integration.test.ts",
  "packages/http-adapter/src/outbound/contracts.integration.test.ts",
  "packages/http-adapter/src/outbound/graph/graph-read-receipts.integration.test.ts",
  "packages/http-adapter/src/inbound/server/http-server.integration.test.ts",
  "packages/postgres-adapter/src/partitions/partitions.integration.test.ts",
  "packages/postgres-adapter/src/inspect.integration.test.ts",
  "tests/system/sending/media.test.ts",
  "tests/system/telemetry/linked-traces.test.ts",
  "tests/system/security/access.test.ts",
  "tests/system/abuse/tenant-service.test.ts",
  "packages/postgres-adapter/src/processes/process-lease.integration.test.ts",
  "packages/http-adapter/src/inbound/server/close-server.integration.test.ts",
]);

/** They take long, and keep a core busy. */
const busy = pathsOf([
  "tests/system/documents/readme-examples.test.ts",
  "packages/sqlite-adapter/src/store.contract.integration.test.ts",
  "packages/postgres-adapter/src/database/pooler.integration.test.ts",
  "packages/postgres-adapter/src/store.contract.integration.test.ts",
  "packages/postgres-adapter/src/store.model.integration.test.ts",
  "packages/sqlite-adapter/src/store.model.integration.test.ts",
]);

/** Those of units are last, and begin when all others have ended (`groupOrder` of vitest.config.ts). */
const projects = ["alone", "integration", "unit"];

/** Vitest starts with the largest files until it knows how long each takes. Most of the longest are short texts. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const missing = [...waiting, ...busy].filter((path) => !existsSync(path));
    if (missing.length > 0) throw new Error(`No such test files: ${missing.join(", ")}`);
    const byProject = Map.groupBy(await super.sort(files), ({ project }) => project.name);
    const others = [...byProject.keys()].filter((name) => !projects.includes(name));
    return [...others, ...projects].flatMap((name) => spaced(byProject.get(name) ?? []));
  }
}

/** Files that wait are spread over all others: if all workers wait, the cores are idle. */
function spaced(sorted: readonly TestSpecification[]): TestSpecification[] {
  const waits = waiting.flatMap((path) => sorted.filter(({ moduleId }) => moduleId === path));
  const works = sorted.filter(({ moduleId }) => busy.includes(moduleId));
  const others = sorted.filter(({ moduleId }) => !waiting.includes(moduleId) && !busy.includes(moduleId));
  // The two that wait the longest begin at once. The other ones begin when those end, and the last of them ends while there is still work.
  const before = Math.floor(0.2 * others.length);
  const between = Math.floor((0.45 * others.length) / (waits.length - 2));
  const order = [...waits.splice(0, 2), ...works, ...others.splice(0, before)];
  for (const wait of waits) order.push(...others.splice(0, between), wait);
  return [...order, ...others];
}

function pathsOf(files: readonly string[]): readonly string[] {
  return files.map((path) => new URL(`../../${path}`, import.meta.url).pathname);
}
