import { encodeMessage, eraseOutboxRow, type Erasure, personPattern } from "@message-sender/core/adapter";
import { err, ok, ResultAsync } from "neverthrow";

import { type GroupCommit, unavailable } from "./database/group-commit.ts";
import type { DatabaseThread } from "./database/thread.ts";

/**
 * `clean` rewrites the file, and commits wait for it: half a second of CPU time per 100 MB on a machine of 2026. Overwriting what is
 * deleted (`secure_delete`) is not enough: SQLite leaves copies in unused space when it moves rows between pages.
 */
export function createErasure(commits: GroupCommit, thread: Pick<DatabaseThread, "run">): Erasure {
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
      ResultAsync.fromSafePromise(commits.between(() => thread.run("clean"))).andThen((cleaned) =>
        "failure" in cleaned ? err(unavailable(cleaned.failure)) : ok(undefined),
      ),
  };
}
