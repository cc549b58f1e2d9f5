import type { Unavailable } from "@message-sender/core";
import { type Clock, decodeMessage, decodeStored, holdRestored, type MessageStore } from "@message-sender/core/adapter";
import { err, type Result } from "neverthrow";

import type { GroupCommit } from "../database/group-commit.ts";

interface RestoreParts {
  readonly commits: Pick<GroupCommit, "call">;
  readonly messages: MessageStore;
  readonly clock: Clock;
}

const atOnce = 200;

/** Holds what was unfinished in the backup. If it is interrupted, the next opening of the file does the rest. */
export async function restore({ commits, messages, clock }: RestoreParts): Promise<Result<void, Unavailable>> {
  for (let afterId = ""; ;) {
    const page = await commits.call("unfinished", afterId, atOnce);
    if (page.isErr()) return err(page.error);
    // A damaged message is left as it is: what cannot be read cannot be sent.
    const found = page.value.flatMap(([, document]) =>
      decodeStored(document, decodeMessage)
        .map((message) => [message])
        .unwrapOr([]),
    );
    const held = await Promise.all(
      found.map((message) => messages.commit({ next: holdRestored(message, clock.now()) })),
    );
    for (const commit of held) {
      if (commit.isErr() && commit.error.kind === "Unavailable") return err(commit.error);
    }
    const last = page.value.at(-1);
    if (!last) break;
    [afterId] = last;
  }
  return await commits.call("endRestore");
}
