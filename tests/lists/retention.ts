import type { Message } from "@message-sender/core";
import { exampleMessage, exampleOutcomes, withIntent, withOutcome, withReport } from "@message-sender/core/contracts";
import type { Store } from "@message-sender/core/adapter";
import pg from "pg";

import { fill } from "./fill.ts";
import type { OpenedStore } from "./stores.ts";

const dayMs = 24 * 3_600_000;
const mostMs = 1000;
const day = new Date("2026-10-01T00:00:00Z").getTime();

/**
 * A day of messages that is past its retention, beside all others, on PostgreSQL: it must be gone within a second and leave no dead rows.
 * Returns how many expectations were missed.
 */
export async function measureRetention(opened: OpenedStore, url: string, count: number): Promise<number> {
  await fill(opened, count, (index) => oldMessage(index, count));
  const client = new pg.Client(url);
  await client.connect();
  try {
    const before = await deadRowsOf(client);
    const startedAt = performance.now();
    const gone = await forget(opened.store);
    const tookMs = performance.now() - startedAt;
    const dead = (await deadRowsOf(client)) - before;
    const faults = [
      ...(gone === count ? [] : ["MISSED: all of them and no other"]),
      ...(tookMs > mostMs ? [`MISSED: at most ${mostMs} ms`] : []),
      ...(dead > 0 ? ["MISSED: no dead rows"] : []),
    ];
    process.stdout.write(
      `\npostgres: ${gone} of ${count} messages of a day forgotten in ${tookMs.toFixed(0)} ms, ${dead} dead rows ${faults.join(", ")}\n`,
    );
    return faults.length;
  } finally {
    await client.end();
  }
}

async function forget({ retention }: Store): Promise<number> {
  const never = new Date(0);
  const others = { keys: never, parkedStatuses: never, webhooks: never, recipients: never, outboxEntries: never };
  let gone = 0;
  for (;;) {
    // The partition of the day is over by then, and no other message is as old as that.
    const forgotten = (
      await retention.forget({ ...others, messages: new Date(day + 30 * dayMs) }, 1000)
    )._unsafeUnwrap();
    if (forgotten === 0) return gone;
    gone += forgotten;
  }
}

function oldMessage(index: number, count: number): Message {
  const acceptedAt = new Date(day + Math.floor((index / count) * dayMs));
  const time = acceptedAt.getTime().toString(16).padStart(12, "0");
  const id = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${index.toString(16).padStart(12, "0")}`;
  const outcome = { ...exampleOutcomes.Accepted, wamid: `wamid.old-${index}` };
  const sent = withOutcome(withIntent(exampleMessage({ id, acceptedAt })), outcome);
  return { ...withReport(sent, "read"), revision: 1 };
}

/** Of all messages and wamids. Another connection learns of them a second later at the earliest. */
async function deadRowsOf(client: pg.Client): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const { rows } = await client.query<{ dead: string }>(
    `SELECT sum(n_dead_tup) AS dead FROM pg_stat_user_tables WHERE schemaname = 'message_sender' AND relname ~ '^(messages|wamids)_'`,
  );
  return Number(rows[0]?.dead);
}
