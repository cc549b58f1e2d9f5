import type { Delivery, EncodedWebhook, WebhookUpdate } from "./delivery.ts";
import { encodeWebhook, type WebhookPayload } from "./webhook-payload.ts";

/** An update that has something to send. */
export interface EncodedUpdate {
  readonly delivery: Delivery;
  readonly update: WebhookUpdate;
}

/** One webhook of several updates; undefined: there are none. */
export function encodeBatch(encoded: readonly EncodedUpdate[]): EncodedWebhook | undefined {
  const [first] = encoded;
  if (!first) return undefined;
  const { id, kind, about } = first.delivery;
  const updates = encoded.map(({ update }) => update);
  return {
    id,
    kind,
    about,
    statuses: updates.flatMap(({ statuses }) => statuses),
    updates: updates.length,
    body: encodeWebhook(merged(updates)),
  };
}

/** Meta has an entry for each account, and in it a change for each update (Cloud API, "Webhooks": batched updates). */
function merged(updates: readonly WebhookUpdate[]): WebhookPayload {
  const [first, ...others] = updates.map(({ payload }) => payload);
  if (!first || others.length === 0) return first ?? { object: "whatsapp_business_account", entry: [] };
  const changes = new Map<string, WebhookPayload["entry"][number]>();
  for (const entry of [first, ...others].flatMap((payload) => payload.entry)) {
    const known = changes.get(entry.id);
    changes.set(entry.id, known ? { ...known, changes: [...known.changes, ...entry.changes] } : entry);
  }
  return { ...first, entry: [...changes.values()] };
}
