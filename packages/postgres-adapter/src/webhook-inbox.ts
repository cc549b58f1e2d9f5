import {
  decodeEachStored,
  decodeWebhook,
  encodeWebhook,
  type ReceivedWebhook,
  type SteadyTime,
  type WebhookInbox,
} from "@message-sender/core/adapter";
import { okAsync } from "neverthrow";

import type { Database } from "./database/database.ts";
import { done, rowsOf } from "./database/rows-of.ts";

const addWebhooks = { name: "add webhooks", text: "SELECT add_webhooks($1, $2, $3, $4)" };
const latest = { name: "latest webhooks", text: "SELECT webhook FROM webhooks ORDER BY received_at DESC LIMIT $1" };

export function createWebhookInbox(database: Database, time: SteadyTime): WebhookInbox {
  return {
    add(webhooks, forward) {
      if (webhooks.length === 0) return okAsync(undefined);
      const values = [
        JSON.stringify(webhooks.map(webhookRow)),
        webhooks.map(encodeWebhook),
        forward,
        new Date(time.now()),
      ];
      return done(database, addWebhooks, values);
    },
    latest: (limit) =>
      rowsOf<{ webhook: string }>(database, latest, [limit]).andThen((rows) =>
        decodeEachStored(rows, ({ webhook }) => decodeWebhook(webhook)),
      ),
  };
}

/** The columns of a webhook, and the id of its entry in the outbox. */
function webhookRow({ id, receivedAt }: ReceivedWebhook) {
  return { id, received_at: receivedAt, entry_id: `webhook:${id}` };
}
