import { encodeMessage, eraseOutboxRow, type Erasure, personPattern } from "@message-sender/core/adapter";
import { err, ok, ResultAsync } from "neverthrow";

import type { BatchAnswer } from "./database/batch.ts";
import { type GroupCommit, unavailable } from "./database/group-commit.ts";
import type { DatabaseChannel } from "./database/channel.ts";

/**
 * `clean` rewrites a file that an erasure changed, and commits wait for it: half a second of CPU time per 100 MB on a machine of
 * 2026. Overwriting what is deleted (`secure_delete`) is not enough: SQLite leaves copies in unused space when it moves rows between
 * pages.
 */
export function createErasure(
  commits: Pick<GroupCommit, "call" | "between">,
  database: Pick<DatabaseChannel, "run">,
): Erasure {
  let next: Promise<BatchAnswer> | undefined;

  /** Calls that come before it begins share it. */
  function cleanOnce(): Promise<BatchAnswer> {
    next ??= commits.between(() => {
      next = undefined;
      return database.run("clean");
    });
    return next;
  }

  return {
    namesOf: (names) => commits.call("namesOfPerson", names),
    replace: (next) =>
      commits
        .call("entriesOfMessage", next.id)
        .andThen((entries) =>
          commits.call("eraseMessage", [next.id, next.revision, encodeMessage(next)], entries.map(eraseOutboxRow)),
        ),
    forget: (names) =>
      commits
        .call("forgetPerson", names, personPattern(names))
        .map(([recipients, webhooks]) => ({ recipients, webhooks })),
    clean: () =>
      ResultAsync.fromSafePromise(cleanOnce()).andThen((cleaned) =>
        "failure" in cleaned ? err(unavailable(cleaned.failure)) : ok(undefined),
      ),
  };
}
