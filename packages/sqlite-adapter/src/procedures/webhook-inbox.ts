import type { DatabaseSync } from "node:sqlite";

import type { Enqueue } from "./outbox.ts";
import { prepare } from "./statement.ts";

export interface WebhookInboxProcedures {
  addWebhooks(webhooks: readonly WebhookRow[], entersOutboxAt: number | null): void;
  latestWebhooks(limit: number): readonly string[];
}

type WebhookRow = readonly [id: string, receivedAt: number, webhook: string];

/** The outbox has a copy of its own, because it may need the webhook for longer. */
export function createWebhookInboxProcedures(database: DatabaseSync, enqueue: Enqueue): WebhookInboxProcedures {
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
        if (isNew && entersOutboxAt !== null) {
          enqueue([[`webhook:${id}`, "webhook", "", id, entersOutboxAt, webhook]]);
        }
      }
    },
    latestWebhooks: (limit) => list.all(limit).map(([webhook]) => webhook),
  };
}
