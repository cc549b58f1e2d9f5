import { exampleMessage, exampleOutcomes, withIntent, withOutcome, withReport } from "@message-sender/core/contracts";
import type { Message } from "@message-sender/core";
import type { Store } from "@message-sender/core/adapter";
import { createSystemIds } from "@message-sender/core/node";
import pg from "pg";

const messageCount = 3000;
const leastHot = 0.5;
const ids = createSystemIds();

/**
 * Three status webhooks of each message on PostgreSQL: at least half of the updates must touch no index. Returns how many
 * expectations were missed.
 */
export async function measureUpdates(url: string, { messages }: Store): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const sent = Array.from({ length: messageCount }, (_, index) => sentMessage(index));
    await Promise.all(sent.map((message) => messages.accept(message)));
    const before = await updatesOf(client);
    let current = sent;
    for (const status of ["sent", "delivered", "read"] as const) {
      current = current.map((message) => ({ ...withReport(message, status), revision: message.revision + 1 }));
      await Promise.all(current.map(async (next) => (await messages.commit({ next }))._unsafeUnwrap()));
    }
    const after = await updatesOf(client);
    const share = (after.hot - before.hot) / (after.all - before.all);
    const fault = share >= leastHot ? "" : `MISSED: at least ${100 * leastHot} %`;
    process.stdout.write(
      `\npostgres: ${after.all - before.all} updates by status webhooks, ${(100 * share).toFixed(0)} % without an index ${fault}\n`,
    );
    return fault === "" ? 0 : 1;
  } finally {
    await client.end();
  }
}

function sentMessage(index: number): Message {
  const message = exampleMessage({ id: ids.messageId(), acceptedAt: new Date() });
  const outcome = { ...exampleOutcomes.Accepted, wamid: `wamid.updated-${index}` };
  return { ...withOutcome(withIntent(message), outcome), revision: 1 };
}

/** Of the table of messages, or of its partitions. Another connection learns of them a second later at the earliest. */
async function updatesOf(client: pg.Client): Promise<{ readonly all: number; readonly hot: number }> {
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const { rows } = await client.query<{ all: string; hot: string }>(
    `SELECT sum(n_tup_upd) AS all, sum(n_tup_hot_upd) AS hot FROM pg_stat_user_tables
     WHERE schemaname = 'message_sender' AND (relname = 'messages' OR relname ~ '^messages_[0-9p]')`,
  );
  return { all: Number(rows[0]?.all), hot: Number(rows[0]?.hot) };
}
