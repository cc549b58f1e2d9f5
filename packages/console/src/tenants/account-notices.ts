import type { KeptWebhooks, MessageSender } from "@message-sender/core";
import { largestPage } from "@message-sender/core/adapter";

import { capitalized } from "../words/capitalized.ts";

/** What Meta said about an account or its numbers, in a webhook. */
export interface AccountNotice {
  readonly id: string;
  readonly receivedAt: Date;
  /** The id of the WhatsApp Business Account. */
  readonly wabaId?: string;
  readonly what: string;
  /** What else it says, by Meta's names. */
  readonly details: string;
  readonly isBad: boolean;
}

type KeptWebhook = KeptWebhooks["webhooks"][number];

/** Of accounts and numbers (Meta, "Webhooks: fields"). Those of templates end in pauses. */
const fields: ReadonlySet<string | undefined> = new Set([
  "account_alerts",
  "account_review_update",
  "account_update",
  "business_capability_update",
  "phone_number_name_update",
  "phone_number_quality_update",
]);
/** What an event or a decision that costs something has in its name. */
const bad = /DISABLE|RESTRICT|VIOLATION|DELETED|REJECT|FLAGGED|DOWNGRADE|CRITICAL/;
const mostNotices = 20;
const mostPages = 20;
/** Processes of several machines stamp what they receive by clocks that differ. */
const overlapMs = 60_000;

/**
 * Reads the notices among the webhooks that are kept, the latest first: the first time among the latest 2,000, then among those that
 * have come since.
 */
export function createAccountNotices(sender: Pick<MessageSender, "webhooks">): () => Promise<readonly AccountNotice[]> {
  let known: readonly AccountNotice[] = [];
  let since: Date | undefined;

  return async () => {
    const found: KeptWebhook[] = [];
    let newest: Date | undefined;
    let cursor: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const listed = await sender.webhooks({
        limit: largestPage,
        ...(since && { since }),
        ...(cursor !== undefined && { cursor }),
      });
      if (listed.isErr()) return known;
      const { webhooks, nextCursor } = listed.value;
      newest ??= webhooks[0]?.receivedAt;
      found.push(...webhooks.filter(({ field }) => fields.has(field)));
      cursor = nextCursor;
      if (cursor === undefined) break;
    }
    const byId = new Map([...found.map(noticeOf), ...known].map((notice) => [notice.id, notice]));
    known = [...byId.values()].toSorted((a, b) => Number(b.receivedAt) - Number(a.receivedAt)).slice(0, mostNotices);
    if (newest) since = new Date(newest.getTime() - overlapMs);
    return known;
  };
}

function noticeOf({ id, receivedAt, wabaId, field = "", body }: KeptWebhook): AccountNotice {
  const leaves = leavesOf(valueIn(body)).slice(0, mostLeaves);
  const event = leaves.find(([name]) => /^(?:event|decision|alert_type)$/.test(name));
  const others = leaves.filter((leaf) => leaf !== event);
  return {
    id,
    receivedAt,
    ...(wabaId !== undefined && { wabaId }),
    what: capitalized([words(field), event && words(event[1]).toLowerCase()].filter((part) => part).join(": ")),
    details: others.map(([name, text]) => `${words(name)}: ${text}`).join(", "),
    isBad: leaves.some(([, text]) => bad.test(text)),
  };
}

const mostLeaves = 8;
const longestText = 200;

function valueIn(body: string): unknown {
  const { entry } = JSON.parse(body) as { entry?: { changes?: { value?: unknown }[] }[] };
  return entry?.[0]?.changes?.[0]?.value;
}

/** The texts and numbers of a value, wherever they stand in it, with the names of their fields. */
function leavesOf(value: unknown, name = ""): readonly (readonly [name: string, text: string])[] {
  if (typeof value === "string" || typeof value === "number") return [[name, String(value).slice(0, longestText)]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([own, each]) => leavesOf(each, Array.isArray(value) ? name : own));
}

function words(name: string): string {
  return name.replaceAll("_", " ");
}
