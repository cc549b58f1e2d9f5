import { err, ok, type Result, type ResultAsync } from "neverthrow";

import { holdRestored } from "../../domain/hold-restored.ts";
import { statusEventsOf } from "../../domain/status-event.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import { decodeStored } from "../../codecs/decode-stored.ts";
import { decodeMessage } from "../../codecs/message.ts";

/** What holding needs of a store. */
interface HoldUnfinishedParts {
  /** The stored documents that are unfinished, in the order of their ids. */
  unfinished(
    afterId: string,
    limit: number,
  ): ResultAsync<readonly (readonly [id: string, document: string])[], Unavailable>;
  readonly messages: Pick<MessageStore, "commit">;
  readonly clock: Clock;
}

const atOnce = 200;

/**
 * Holds each unfinished message of a store that is a copy (`holdRestored`), and returns how many there were. Each gets a status event
 * for its new version, since it is not known here whether somebody receives them. If it is interrupted, repeat it.
 */
export async function holdUnfinished({
  unfinished,
  messages,
  clock,
}: HoldUnfinishedParts): Promise<Result<number, Unavailable>> {
  let held = 0;
  for (let afterId = ""; ;) {
    const page = await unfinished(afterId, atOnce);
    if (page.isErr()) return err(page.error);
    // A damaged message is left as it is: what cannot be read cannot be sent.
    const found = page.value.flatMap(([, document]) =>
      decodeStored(document, decodeMessage)
        .map((message) => [message])
        .unwrapOr([]),
    );
    const now = clock.now();
    const commits = await Promise.all(
      found.map((message) => {
        const next = holdRestored(message, now);
        const outbox = statusEventsOf(message, next, now).map((entry) => ({ topic: "status" as const, entry }));
        return messages.commit({ next, ...(outbox.length > 0 && { outbox }) });
      }),
    );
    for (const commit of commits) {
      if (commit.isErr() && commit.error.kind === "Unavailable") return err(commit.error);
      if (commit.isOk() && commit.value.applied) held += 1;
    }
    const last = page.value.at(-1);
    if (!last) return ok(held);
    [afterId] = last;
  }
}
