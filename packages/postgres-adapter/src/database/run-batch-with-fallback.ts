import type { Unavailable } from "@message-sender/core";
import { err, ok, type Result } from "neverthrow";

import { mayPass, toUnavailable } from "./failure.ts";

/** Runs a batch; when the database refuses it, each item alone, so that none fails for another's fault. */
export async function elseEachAlone<Item, Answer>(
  items: readonly Item[],
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
): Promise<readonly Result<Answer, Unavailable>[]> {
  try {
    return (await run(items)).map((answer) => ok(answer));
  } catch (cause) {
    if (items.length === 1 || mayPass(cause)) return items.map(() => err(toUnavailable(cause)));
    const alone: Result<Answer, Unavailable>[] = [];
    for (const item of items) alone.push(...(await elseEachAlone([item], run)));
    return alone;
  }
}
