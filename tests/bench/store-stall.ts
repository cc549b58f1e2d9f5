import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import { exampleMessage } from "@message-sender/core/contracts";
import { createSystemClock } from "@message-sender/core/node";
import { openSqliteStore, type SqliteStore } from "@message-sender/sqlite-adapter";

/**
 * How long a send waits for a SQLite store of so many megabytes, at rest, while a backup is read, and while an erasure rewrites the
 * file: `npm run bench:stall -- 200`. It accepts a message every 5 ms, and prints how long the accepts took.
 */
const megabytes = Number(process.argv[2] ?? 200);
const folder = mkdtempSync(join(tmpdir(), "message-sender-stall-"));
const path = join(folder, "store.db");
const store = (await openSqliteStore(path, { clock: createSystemClock() }))._unsafeUnwrap();
try {
  await fill(store);
  console.log(
    `${megabyteCount(path)} MB, load average ${loadavg()
      .map((load) => load.toFixed(1))
      .join(" ")}`,
  );
  await measure("at rest", () => sleep(5000));
  await measure("backup", async () => {
    const { content } = (await store.backup())._unsafeUnwrap();
    for await (const _ of content);
  });
  await measure("erasure", () => erase(store));
} finally {
  await store.close();
  rmSync(folder, { recursive: true });
}

async function fill({ messages }: SqliteStore): Promise<void> {
  const body = "x".repeat(1000);
  while (megabyteCount(path) < megabytes) {
    const accepted = Array.from({ length: 2000 }, () => messages.accept(exampleMessage({ body })));
    for (const one of accepted) (await one)._unsafeUnwrap();
  }
}

/** Rewrites the file. */
async function erase({ recipients, erasure }: SqliteStore): Promise<void> {
  const recipient = "+628111111111";
  const note = { kind: "Wrote", phoneNumberId: "n", recipient, at: new Date() } as const;
  (await recipients.note([note]))._unsafeUnwrap();
  (await erasure.forget([recipient]))._unsafeUnwrap();
  (await erasure.clean())._unsafeUnwrap();
}

function megabyteCount(file: string): number {
  return Math.round(statSync(file).size / 1_000_000);
}

async function measure(what: string, work: () => Promise<void>): Promise<void> {
  const tookMs: number[] = [];
  let isOver = false;
  const accepting: Promise<void>[] = [];
  const sending = (async () => {
    for (; !isOver; await sleep(5)) {
      const begunAt = performance.now();
      accepting.push(
        store.messages.accept(exampleMessage()).match(
          () => void tookMs.push(performance.now() - begunAt),
          ({ reason }) => {
            throw new Error(reason);
          },
        ),
      );
    }
    await Promise.all(accepting);
  })();
  const begunAt = performance.now();
  await work();
  const lasted = performance.now() - begunAt;
  isOver = true;
  await sending;
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (share: number) => `${(sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0)} ms`;
  console.log(
    `${what}: ${lasted.toFixed(0)} ms; ${sorted.length} accepts took ${at(0.5)} (median), ${at(0.99)} (99 %), ${at(1)} (longest)`,
  );
}
