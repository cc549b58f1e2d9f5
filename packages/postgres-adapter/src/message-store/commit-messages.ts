import type { Unavailable } from "@message-sender/core";
import { type Commit, decodeStored, decodeMessage, encodeMessage, type SteadyTime } from "@message-sender/core/adapter";
import { ok, type Result } from "neverthrow";

import type { Database } from "../database/database.ts";
import { changeRow, type Changing, enteringOf } from "./message-row.ts";

interface LostRow {
  readonly lost_id: string;
  readonly stored_document: string | null;
}

const commitMessages = { name: "commit", text: "SELECT * FROM commit_messages($1, $2, $3, $4, $5, $6)" };
/** The unit of a resent message must still belong to this process. */
const commitResent = { name: "commit resent", text: "SELECT * FROM commit_resent_messages($1, $2, $3, $4, $5, $6)" };

/** Runs a batch of commits, at most one per message. The answer is undefined for a message that was never accepted. */
export async function runCommits(
  database: Database,
  owner: string,
  time: SteadyTime,
  changes: readonly Changing[],
): Promise<readonly (Result<Commit, Unavailable> | undefined)[]> {
  const documents = changes.map(({ next }) => encodeMessage(next));
  const statement = changes.some(({ next }) => next.resends) ? commitResent : commitMessages;
  const { rows, repeated } = await database.run<LostRow>(statement, [
    owner,
    JSON.stringify(changes.map(changeRow)),
    documents,
    ...enteringOf(changes.flatMap(({ outbox = [] }) => outbox)),
    new Date(time.now()),
  ]);
  const lost = new Map(rows.map((row) => [row.lost_id, row.stored_document]));
  return changes.map(({ next }, index) => {
    const stored = lost.get(next.id);
    if (stored === undefined) return ok({ applied: true, message: next });
    if (stored === null) return undefined;
    // An earlier run was applied, and its answer was lost.
    if (repeated && stored === documents[index]) return ok({ applied: true, message: next });
    return decodeStored(stored, decodeMessage).map((message) => ({ applied: false, message }));
  });
}
