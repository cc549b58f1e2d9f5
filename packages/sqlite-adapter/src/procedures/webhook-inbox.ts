import type { DatabaseSync } from "node:sqlite";

import type { Enqueue } from "./outbox.ts";
import { prepare, type Statement } from "./statement.ts";

export interface WebhookInboxProcedures {
  addWebhooks(webhooks: readonly WebhookRow[], entersOutboxAt: number | null): void;
  listWebhooks(phoneNumberId: string | null, from: number, before: PositionRow, limits: LimitsRow): ListedRows;
  forwardWebhooks(
    phoneNumberId: string | null,
    behind: PositionRow,
    until: number,
    limits: LimitsRow,
    again: boolean,
    now: number,
  ): EnteredRow;
}

type WebhookRow = readonly [id: string, receivedAt: number, phoneNumberId: string | null, webhook: string];
type PositionRow = readonly [receivedAt: number, id: string];
type LimitsRow = readonly [count: number, bytes: number];
/** `next` is the position of the last row, if there are more behind it. */
type ListedRows = readonly [webhooks: readonly string[], next: PositionRow | null];
type EnteredRow = readonly [matched: number, entered: number, next: PositionRow | null];
type FoundRow = readonly [number: number, receivedAt: number, id: string, bytes: number, hasEntered: number];

/** The outbox has a copy of its own, because it may need the webhook for longer. */
export function createWebhookInboxProcedures(database: DatabaseSync, enqueue: Enqueue): WebhookInboxProcedures {
  const insert = prepare(
    database,
    `INSERT INTO webhooks (id, received_at, phone_number_id, webhook, has_entered) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO NOTHING`,
  );
  const list = pages(database, "received_at >= ? AND (received_at, id) < (?, ?) ORDER BY received_at DESC, id DESC");
  const walk = pages(database, "(received_at, id) > (?, ?) AND received_at < ? ORDER BY received_at, id");
  const textOf = prepare<[string]>(database, `SELECT webhook FROM webhooks WHERE number = ?`);
  const setEntered = prepare(database, `UPDATE webhooks SET has_entered = 1 WHERE number = ? AND has_entered = 0`);
  const removeDead = prepare(database, `DELETE FROM outbox WHERE id = ? AND state = 'dead'`);
  const isWaiting = prepare<[1]>(database, `SELECT 1 FROM outbox WHERE id = ?`);

  function enter(id: string, webhook: string, now: number): void {
    enqueue([[entryIdOf(id), "webhook", "", id, now, webhook, null]]);
  }

  function mayEnter([, , id, , hasEntered]: FoundRow, again: boolean): boolean {
    const wasDead = removeDead.run(entryIdOf(id)) > 0;
    return wasDead || ((again || !hasEntered) && !isWaiting.get(entryIdOf(id)));
  }

  return {
    addWebhooks(webhooks, entersOutboxAt) {
      for (const row of webhooks) {
        const [id, , , webhook] = row;
        const isNew = insert.run(...row, entersOutboxAt === null ? 0 : 1) > 0;
        if (isNew && entersOutboxAt !== null) enter(id, webhook, entersOutboxAt);
      }
    },
    listWebhooks(phoneNumberId, from, before, limits) {
      const { page, next } = list(phoneNumberId, [from, ...before], limits);
      return [page.flatMap(([number]) => textOf.get(number) ?? []), next];
    },
    forwardWebhooks(phoneNumberId, behind, until, limits, again, now) {
      const { page, next } = walk(phoneNumberId, [...behind, until], limits);
      const entering = page.filter((row) => mayEnter(row, again));
      for (const [number, , id] of entering) {
        const [webhook = ""] = textOf.get(number) ?? [];
        enter(id, webhook, now);
        setEntered.run(number);
      }
      return [page.length, entering.length, next];
    },
  };
}

function entryIdOf(webhookId: string): string {
  return `webhook:${webhookId}`;
}

/** Reads a page without the texts, which may be long. A page has at least one row, however long its text. */
function pages(database: DatabaseSync, rest: string) {
  const columns = `number, received_at, id, octet_length(webhook), has_entered`;
  const all = prepare<FoundRow>(database, `SELECT ${columns} FROM webhooks WHERE ${rest} LIMIT ?`);
  const ofNumber = prepare<FoundRow>(
    database,
    `SELECT ${columns} FROM webhooks WHERE phone_number_id = ? AND ${rest} LIMIT ?`,
  );

  return (phoneNumberId: string | null, bounds: readonly (number | string)[], [count, maxBytes]: LimitsRow) => {
    const found = rowsOf(phoneNumberId === null ? all : ofNumber, phoneNumberId, [...bounds, count + 1]);
    let bytes = 0;
    const tooMany = found.findIndex((row, index) => (bytes += row[3]) > maxBytes && index > 0);
    const page = found.slice(0, Math.min(count, tooMany < 0 ? count : tooMany));
    const last = page.at(-1);
    const next: PositionRow | null = last && page.length < found.length ? [last[1], last[2]] : null;
    return { page, next };
  };
}

function rowsOf(statement: Statement<FoundRow>, phoneNumberId: string | null, values: readonly (number | string)[]) {
  return phoneNumberId === null ? statement.all(...values) : statement.all(phoneNumberId, ...values);
}
