import type { Unavailable } from "@message-sender/core";
import { type Commit, decodeStored, decodeMessage, encodeMessage, type SteadyTime } from "@message-sender/core/adapter";
import { ok, type Result } from "neverthrow";

import type { Database } from "../database/database.ts";
import { textArray } from "../database/text-array.ts";
import { enteringOf } from "./entering.ts";
import { changeRow, type Changing } from "./message-row.ts";

interface LostRow {
  /** Null in the row of the entries that entered claimed. */
  readonly lost_id: string | null;
  readonly stored_document: string | null;
  readonly claimed: readonly string[] | null;
}

const commitMessages = { name: "commit", text: "SELECT * FROM commit_messages($1, $2, $3, $4, $5, $6, $7)" };
/** The unit of a resent message must still belong to this process. */
const commitResent = {
  name: "commit resent",
  text: "SELECT * FROM commit_resent_messages($1, $2, $3, $4, $5, $6, $7)",
};

/** Runs a batch of commits, at most one per message. The answer is undefined for a message that was never accepted. */
export async function runCommits(
  database: Database,
  owner: string,
  time: SteadyTime,
  changes: readonly Changing[],
): Promise<readonly (Result<Commit, Unavailable> | undefined)[]> {
  const documents = changes.map(({ next }) => encodeMessage(next));
  const statement = changes.some(({ next }) => next.resends) ? commitResent : commitMessages;
  const now = time.now();
  const entering = enteringOf(
    changes.flatMap(({ outbox = [] }) => outbox),
    now,
  );
  const { rows, repeated } = await database.run<LostRow>(statement, [
    owner,
    textArray(changes.map(({ next }) => next.id)),
    JSON.stringify(changes.map(changeRow)),
    textArray(documents),
    ...entering.values,
    new Date(now),
  ]);
  const lost = new Map(rows.map((row) => [row.lost_id, row.stored_document]));
  const claimed = entering.claimedOf(rows.find((row) => row.claimed)?.claimed, time.toWall(now));
  return changes.map(({ next }, index) => {
    const stored = lost.get(next.id);
    if (stored === undefined) {
      const entered = claimed.get(next.id);
      return ok({ applied: true, message: next, ...(entered && { claimed: entered }) });
    }
    if (stored === null) return undefined;
    // An earlier run was applied, and its answer was lost.
    if (repeated && stored === documents[index]) return ok({ applied: true, message: next });
    return decodeStored(stored, decodeMessage).map((message) => ({ applied: false, message }));
  });
}
