import type { Unavailable } from "@message-sender/core";
import { type Clock, holdUnfinished, type MessageStore } from "@message-sender/core/adapter";
import { err, ok, type Result } from "neverthrow";

import type { GroupCommit } from "../database/group-commit.ts";

interface RestoreParts {
  readonly commits: Pick<GroupCommit, "call">;
  readonly messages: MessageStore;
  readonly clock: Clock;
}

/**
 * Holds what was unfinished in the backup, and returns how many messages those were. If it is interrupted, the next opening of the
 * file does the rest.
 */
export async function restore({ commits, messages, clock }: RestoreParts): Promise<Result<number, Unavailable>> {
  const unfinished = (afterId: string, limit: number) => commits.call("unfinished", afterId, limit);
  const held = await holdUnfinished({ unfinished, messages, clock });
  if (held.isErr()) return err(held.error);
  const ended = await commits.call("endRestore");
  return ended.isErr() ? err(ended.error) : ok(held.value);
}
