import type { Unavailable } from "@message-sender/core";
import { err, ok, type Result } from "neverthrow";

import { isTransient, toUnavailable } from "./failure.ts";

/** Runs a batch. If the database rejects it, runs each item alone, so that none fails because of another. */
export async function runBatchWithFallback<Item, Answer>(
  items: readonly Item[],
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
): Promise<readonly Result<Answer, Unavailable>[]> {
  try {
    return (await run(items)).map((answer) => ok(answer));
  } catch (cause) {
    if (items.length === 1 || isTransient(cause)) return items.map(() => err(toUnavailable(cause)));
    const alone: Result<Answer, Unavailable>[] = [];
    for (const item of items) alone.push(...(await runBatchWithFallback([item], run)));
    return alone;
  }
}
