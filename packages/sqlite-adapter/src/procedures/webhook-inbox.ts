import type { DatabaseSync } from "node:sqlite";

import type { EntryRow, Procedures } from "./procedures.ts";
import { prepare } from "./statement.ts";

/** Webhooks as text. The outbox has its own copy, since it may need it for longer. */
export function webhookProcedures(
  database: DatabaseSync,
  enqueue: (entries: readonly EntryRow[], topic: "webhook") => void,
): Pick<Procedures, "addWebhooks" | "latestWebhooks"> {
  const insert = prepare(
    database,
    `INSERT INTO webhooks (id, received_at, webhook) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  const list = prepare<[string]>(
    database,
    `SELECT webhook FROM webhooks ORDER BY received_at DESC, number DESC LIMIT ?`,
  );

  return {
    addWebhooks(webhooks, entersOutboxAt) {
      for (const row of webhooks) {
        const [id, , webhook] = row;
        const isNew = insert.run(...row) > 0;
        if (isNew && entersOutboxAt !== null) enqueue([[`webhook:${id}`, "", id, entersOutboxAt, webhook]], "webhook");
      }
    },
    latestWebhooks: (limit) => list.all(limit).map(([webhook]) => webhook),
  };
}
