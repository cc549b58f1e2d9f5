import { createHmac, timingSafeEqual } from "node:crypto";

import type { Cell, Cells } from "./cells-file.ts";
import { fieldsOf, listOf, parseJson } from "./json.ts";

/** What a cell gets of a webhook. */
export interface WebhookPart {
  readonly cell: Cell;
  readonly tenants: readonly string[];
  readonly body: string;
}

/**
 * Splits a webhook among the cells: a change goes to the cell of its phone number, or else of its WhatsApp Business Account. One whose account
 * is not known goes to every cell.
 */
export function splitWebhook(text: string, cells: Cells): readonly WebhookPart[] {
  const body = fieldsOf(parseJson(text));
  const parts = new Map<Cell, { entries: object[]; tenants: Set<string> }>(
    cells.all.map((cell) => [cell, { entries: [], tenants: new Set() }]),
  );
  for (const entry of listOf(body["entry"]).map(fieldsOf)) {
    const tenantOf = (change: unknown): string | undefined => {
      const { phone_number_id: number } = fieldsOf(fieldsOf(fieldsOf(change)["value"])["metadata"]);
      return cells.tenantOf(number) ?? cells.tenantOf(entry["id"]);
    };
    for (const [tenantId, changes] of Map.groupBy(listOf(entry["changes"]), tenantOf)) {
      for (const cell of tenantId === undefined ? cells.all : [cells.ofTenant(tenantId)]) {
        parts.get(cell)?.entries.push({ ...entry, changes });
        if (tenantId !== undefined) parts.get(cell)?.tenants.add(tenantId);
      }
    }
  }
  return [...parts]
    .filter(([, { entries }]) => entries.length > 0)
    .map(([cell, { entries, tenants }]) => ({
      cell,
      tenants: [...tenants],
      body: JSON.stringify({ ...body, entry: entries }),
    }));
}

export function signatureOf(body: string, appSecret: string): string {
  return `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
}

/** Whether Meta has signed it: what is split is signed anew, and must not be what anybody made up. */
export function isSigned(body: string, signature: string | undefined, appSecret: string): boolean {
  const [given, expected] = [Buffer.from(signature ?? ""), Buffer.from(signatureOf(body, appSecret))];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
