import type { Message, Unavailable } from "@message-sender/core";
import {
  type AcceptResult,
  decodeStored,
  decodeMessage,
  type EnteredClaimed,
  encodeMessage,
  type SteadyTime,
} from "@message-sender/core/adapter";
import type { Result } from "neverthrow";

import type { Database } from "../database/database.ts";
import { textArray } from "../database/text-array.ts";
import { enteringOf } from "./entering.ts";
import { type Arriving, keyRows, messageRow, wamidRows } from "./message-row.ts";

interface LostRow {
  /** Null in the row of the entries that entered claimed. */
  readonly lost_id: string | null;
  readonly known_fingerprint: string | null;
  readonly known_document: string | null;
  readonly block_lost: boolean | null;
  readonly claimed: readonly string[] | null;
}

/** The unit comes from a block that another process has taken over and counted without this message. */
interface BlockLost {
  readonly kind: "BlockLost";
}

type Accepted =
  | Exclude<AcceptResult, { readonly kind: "Known" }>
  | { readonly kind: "Known"; readonly message: Result<Message, Unavailable> }
  | BlockLost;

const acceptMessages = { name: "accept", text: "SELECT * FROM accept_messages($1, $2, $3, $4, $5, $6, $7, $8, $9)" };

/** Runs a batch of accepts. It may run twice: a message whose id is stored has been added. */
export async function runAccepts(
  database: Database,
  owner: string,
  time: SteadyTime,
  arriving: readonly Arriving[],
): Promise<readonly Accepted[]> {
  const answers = new Map<string, Accepted>();
  let left = arriving;
  while (left.length > 0) {
    const now = time.now();
    const entering = enteringOf(
      left.flatMap(({ outbox }) => outbox),
      now,
    );
    const { rows } = await database.run<LostRow>(acceptMessages, [
      owner,
      JSON.stringify(left.map(messageRow)),
      textArray(left.map(({ message }) => encodeMessage(message))),
      textArray([...new Set(left.map(({ message }) => message.quotaBlockId))]),
      JSON.stringify(left.flatMap(({ message }) => keyRows(message))),
      JSON.stringify(left.flatMap(({ message }) => wamidRows(message))),
      ...entering.values,
      new Date(now),
    ]);
    const lost = new Map(rows.map((row) => [row.lost_id, row]));
    const claimed = entering.claimedOf(rows.find((row) => row.claimed)?.claimed, time.toWall(now));
    for (const { message } of left) {
      const answer = answerTo(message, lost.get(message.id), claimed.get(message.id));
      if (answer) answers.set(message.id, answer);
    }
    left = left.filter(({ message }) => !answers.has(message.id));
  }
  return arriving.map(({ message }) => answers.get(message.id) ?? { kind: "New" });
}

/** Undefined if the key was freed after it caused the message to be refused: the accept must be repeated. */
function answerTo(
  message: Message,
  lost: LostRow | undefined,
  claimed: readonly EnteredClaimed[] | undefined,
): Accepted | undefined {
  if (!lost) return { kind: "New", ...(claimed && { claimed }) };
  if (lost.block_lost) return { kind: "BlockLost" };
  if (lost.known_document === null) return undefined;
  return lost.known_fingerprint === message.idempotencyKey?.fingerprint
    ? { kind: "Known", message: decodeStored(lost.known_document, decodeMessage) }
    : { kind: "KeyReused" };
}
