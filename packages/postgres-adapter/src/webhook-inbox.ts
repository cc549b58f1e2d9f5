import {
  decodeEachStored,
  decodeWebhook,
  encodeWebhook,
  forwardBounds,
  listBounds,
  type ReceivedWebhook,
  type SteadyTime,
  type WebhookInbox,
  type WebhookPosition,
} from "@message-sender/core/adapter";

import type { Database } from "./database/database.ts";
import { done, rowsOf } from "./database/rows-of.ts";
import { textArray } from "./database/text-array.ts";

interface ListedRow {
  readonly id: string;
  readonly received_at: Date;
  readonly webhook: string;
  /** The number of rows that were found, with one of the next page. */
  readonly found: number;
}

interface EnteredRow {
  readonly matched: number;
  readonly entered: number;
  readonly last_at: Date | null;
  readonly last_id: string | null;
  readonly has_more: boolean;
}

const addWebhooks = { name: "add webhooks", text: "SELECT add_webhooks($1, $2, $3, $4)" };
const listAll = { name: "list webhooks", text: listed("") };
const listOfNumber = { name: "list webhooks of number", text: listed("phone_number_id = $6 AND") };
const forwardWebhooks = {
  name: "forward webhooks",
  text: "SELECT * FROM forward_webhooks($1, $2, $3, $4, $5, $6, $7, $8)",
};

/** A forwarding that runs twice returns how many the second run let enter. */
export function createWebhookInbox(database: Database, time: SteadyTime): WebhookInbox {
  return {
    add(webhooks, forward) {
      const rows = JSON.stringify(webhooks.map(webhookRow));
      return done(database, addWebhooks, [rows, textArray(webhooks.map(encodeWebhook)), forward, new Date(time.now())]);
    },
    list(query) {
      const { from, before } = listBounds(query);
      const { phoneNumberId, limit, maxBytes } = query;
      const values = [from, before.receivedAt, before.id, limit, maxBytes];
      const [statement, all] =
        phoneNumberId === undefined ? [listAll, values] : [listOfNumber, [...values, phoneNumberId]];
      return rowsOf<ListedRow>(database, statement, all).andThen((rows) => {
        const last = rows.at(-1);
        return decodeEachStored(rows, ({ webhook }) => decodeWebhook(webhook)).map((webhooks) => ({
          webhooks,
          ...(last && rows.length < last.found && { next: { receivedAt: last.received_at, id: last.id } }),
        }));
      });
    },
    forward(query) {
      const { behind, until } = forwardBounds(query);
      const { phoneNumberId = null, limit, maxBytes, again } = query;
      const page = [phoneNumberId, behind.receivedAt, behind.id, until, limit, maxBytes];
      return rowsOf<EnteredRow>(database, forwardWebhooks, [...page, again, new Date(time.now())]).map(([row]) => ({
        matched: row?.matched ?? 0,
        entered: row?.entered ?? 0,
        ...nextOf(row),
      }));
    },
  };
}

/** A page has at least one row, however long its text. Its length is known without reading it. */
function listed(condition: string): string {
  return `SELECT id, received_at, webhook, found FROM (
      SELECT *, count(*) OVER () AS found, row_number() OVER latest AS place, sum(octet_length(webhook)) OVER latest AS bytes
      FROM (
        SELECT id, received_at, webhook FROM webhooks
        WHERE ${condition} received_at >= $1 AND (received_at, id) < ($2, $3)
        ORDER BY received_at DESC, id DESC LIMIT $4::bigint + 1
      ) kept
      WINDOW latest AS (ORDER BY received_at DESC, id DESC)
    ) page
    WHERE place <= $4 AND (place = 1 OR bytes <= $5) ORDER BY place`;
}

function webhookRow({ id, receivedAt, phoneNumberId }: ReceivedWebhook) {
  return { id, received_at: receivedAt, phone_number_id: phoneNumberId };
}

function nextOf(row: EnteredRow | undefined): { readonly next?: WebhookPosition } {
  return row?.has_more && row.last_at && row.last_id ? { next: { receivedAt: row.last_at, id: row.last_id } } : {};
}
