import type { CancelManyQuery, MessageSender, MessageStatus } from "@message-sender/core";

import { change, type ManyAction } from "./plan.ts";

/** What a request changed. */
export interface ChangeRun {
  readonly matched: number;
  readonly changed: number;
  /** There is more to change: the request has done enough. */
  readonly isMore: boolean;
  /** Why it stopped early, as the kind of an error. */
  readonly stoppedBy?: string;
}

/** A browser waits for so long. The next request goes on: what was changed matches no longer. */
const longestMs = 8000;

/** Changes the messages of these statuses, page by page. */
export async function runChange(
  sender: MessageSender,
  query: CancelManyQuery,
  action: ManyAction,
  statuses: readonly MessageStatus[],
): Promise<ChangeRun> {
  const endsAt = performance.now() + longestMs;
  let [matched, changed] = [0, 0];
  for (const status of statuses) {
    let cursor: string | undefined;
    do {
      const page = await change(sender, { ...query, status, ...(cursor !== undefined && { cursor }) }, action);
      if (page.isErr()) return { matched, changed, isMore: true, stoppedBy: page.error.kind };
      matched += page.value.matched;
      changed += page.value.changed;
      cursor = page.value.nextCursor;
      if (page.value.stoppedBy) return { matched, changed, isMore: true, stoppedBy: page.value.stoppedBy.kind };
      if (cursor !== undefined && performance.now() >= endsAt) return { matched, changed, isMore: true };
    } while (cursor !== undefined);
  }
  return { matched, changed, isMore: false };
}
