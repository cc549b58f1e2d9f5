import type { MessageSender, MessageStatus } from "@message-sender/core";
import { statusOf } from "@message-sender/core";
import { largestPage } from "@message-sender/core/adapter";

/** What became of the messages that some tenants had accepted in the last hour. */
export interface TenantHour {
  readonly since: Date;
  readonly statuses: ReadonlyMap<MessageStatus, number>;
  /** Whether these are all. Otherwise they are the latest. */
  readonly isComplete: boolean;
}

const hourMs = 3_600_000;
const mostPages = 10;

/** Counts the latest messages, up to a thousand: the metrics know nothing of single tenants. */
export async function tenantHourOf(
  sender: Pick<MessageSender, "list">,
  now: Date,
  tenantId: readonly string[],
): Promise<TenantHour> {
  const since = new Date(now.getTime() - hourMs);
  const statuses = new Map<MessageStatus, number>();
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const listed = await sender.list({ tenantId, since, limit: largestPage, ...(cursor !== undefined && { cursor }) });
    if (listed.isErr()) return { since, statuses, isComplete: false };
    for (const message of listed.value.messages) {
      const status = statusOf(message);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    cursor = listed.value.nextCursor;
    if (cursor === undefined) return { since, statuses, isComplete: true };
  }
  return { since, statuses, isComplete: false };
}
